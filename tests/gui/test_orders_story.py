"""Work on the orders page, from an order's arrival to the delivered message."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.attempt import Rejected, RejectionKind
from app.domain.notification import State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.receipt import Evidence, Receipt
from app.services.orders.order_list import Tab
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.waiting import wait_until
from tests.harness.window_shop import for_a_while, open_window_shop

ENTER = Qt.Key.Key_Return


@pytest.mark.requirement("C1")
def test_an_order_appears_and_a_click_on_its_button_tells_its_customer(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(123)
            await at.see(order)
            await wait_until(lambda: (shown := at.chip(order, 0)) and shown.word == "enviada")
            at.click(order)
            await wait_until(lambda: (row := at.row(order)) and row.order.status == "in_preparation")
            await wait_until(lambda: len(at.shop.messenger.sends) == 2)
            told = await at.shop.message(order, NotificationType.PREPARING)
            receipt = Receipt(told.message_id, Evidence.DELIVERED, at.shop.clock.now())
            await at.shop.messenger.emit(receipt)
            await wait_until(lambda: (shown := at.chip(order, 1)) and shown.icon == "check-check")
            assert "Preparo: entregue" in at.words(order)

    arun(story())


@pytest.mark.requirement("C3")
def test_a_failure_stands_out_with_its_reason_and_t_tries_again(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            at.shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED, 479))
            order = at.shop.order(7)
            await at.see(order)
            await wait_until(lambda: (shown := at.chip(order, 0)) and shown.word == "falhou")
            assert "O WhatsApp recusou a mensagem." in at.words(order)
            assert "Enter: Tentar de novo" in at.words(order)
            await wait_until(lambda: at.page.tabs.buttons[Tab.UNTOLD].text().strip() == "Não avisados 1")
            at.page.list.choose(order.id)
            at.press(Qt.Key.Key_T)
            await wait_until(lambda: (shown := at.chip(order, 0)) and shown.word == "enviada")
            assert at.page.orders.counts[Tab.UNTOLD] == 0

    arun(story())


def test_the_button_of_a_failed_message_tries_again_and_does_not_advance(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            at.shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED))
            order = at.shop.order(8)
            await at.see(order)
            await wait_until(lambda: (row := at.row(order)) and row.can_retry)
            at.click(order)
            await wait_until(lambda: (shown := at.chip(order, 0)) and shown.word == "enviada")
            row = at.row(order)
            assert row is not None
            assert row.order.status == "paid"

    arun(story())


@pytest.mark.requirement("C3")
def test_a_number_without_whatsapp_is_said_in_words(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(9)
            at.shop.messenger.answers[Phone(order.customer_phone)] = None
            await at.see(order)
            await wait_until(lambda: (row := at.row(order)) and row.untold)
            assert "Este número não tem WhatsApp." in at.words(order)

    arun(story())


def test_number_and_enter_choose_an_order_and_enter_takes_its_next_step(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            first = replace(at.shop.order(122), status="in_preparation")
            second = at.shop.order(123, phone="+5573999540000", status="in_preparation")
            await at.see(first, second)
            at.page.tabs.choose(Tab.READY)
            at.press("123", ENTER)
            assert at.page.orders.tab is Tab.ALL
            assert at.page.list.current_order == second.id
            at.press(ENTER)
            await wait_until(lambda: (row := at.row(second)) and row.order.status == "ready")
            row = at.row(first)
            assert row is not None
            assert row.order.status == "in_preparation"
            ready = await at.shop.message(second, NotificationType.READY)
            assert ready.state is State.SENT

    arun(story())


def test_a_number_that_is_not_there_is_said_and_chooses_nothing(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(at.shop.order(5))
            at.press("77")
            assert at.page.list.jump_sign.text() == "Pedido nº 77 ↵"
            at.press(ENTER)
            assert at.page.list.jump_sign.text() == "Nº 77 não está na lista"
            assert at.page.list.current_order is None

    arun(story())


@pytest.mark.parametrize(("typed", "found"), [("²", False), ("①", False), ("٣", True)])
def test_list_takes_no_sign_for_a_number_that_is_none(
    theme: Theme,
    arun: Run,
    typed: str,
    found: bool,  # noqa: FBT001 - a case
) -> None:
    """AltGr+2 types ² on a Brazilian keyboard: `isdigit()` accepts it, `int()` does not."""

    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(3)
            await at.see(order)
            key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, typed)
            QApplication.sendEvent(at.page.list, key)
            at.press(ENTER)
            assert (at.page.list.current_order == order.id) == found

    arun(story())


def test_the_chosen_order_stays_chosen_while_others_come(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(1)
            await at.see(order)
            at.page.list.choose(order.id)
            for number in range(2, 6):
                await at.shop.pass_time(seconds=1)
                await at.see(at.shop.order(number, phone=f"+557399954000{number}"))
            assert at.page.list.current_order == order.id
            assert at.page.list.currentIndex().row() == 1

    arun(story())


def test_an_enter_too_many_does_not_strike_the_neighbour(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            orders = [at.shop.order(n, phone=f"+557399954000{n}") for n in (1, 2, 3)]
            await at.see(*orders)
            at.page.tabs.choose(Tab.PAID)
            at.page.list.choose(orders[1].id)
            at.press(ENTER)
            await wait_until(lambda: at.page.orders.counts[Tab.PREPARING] == 1)
            at.press(ENTER)
            await for_a_while()
            assert at.page.orders.counts[Tab.PAID] == 2
            at.press(Qt.Key.Key_Down)
            assert at.page.list.current_order is not None

    arun(story())


def test_a_double_click_on_a_button_counts_once(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(1)
            await at.see(order)
            where, view = at.button(order), at.page.list.viewport()
            at.click(order)
            QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=where)
            await wait_until(lambda: (row := at.row(order)) and row.order.status != "paid")
            await for_a_while()
            row = at.row(order)
            assert row is not None
            assert row.order.status == "in_preparation"

    arun(story())


def test_orders_are_found_by_name_without_accents(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            joao = at.shop.order(1)
            ana = replace(at.shop.order(2, phone="+5573999540002"), customer_name="Ana")
            await at.see(joao, ana)
            at.press("joao", on=at.page.search)
            await wait_until(lambda: at.page.orders.ids == [joao.id])
            at.page.search.clear()
            await wait_until(lambda: len(at.page.orders.ids) == 2)

    arun(story())


@pytest.mark.requirement("P3")
def test_whole_phone_number_shows_only_while_its_order_is_worked_with(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(1)
            await at.see(order)
            assert "+55 73 9••••-8537" in at.words(order)
            assert "99954" not in at.words(order)
            at.page.list.choose(order.id)
            await wait_until(lambda: "(73) 99954-8537" in at.page.detail.phone.text())
            await at.see(replace(order, status="completed"))
            await wait_until(lambda: at.page.detail.phone.text().startswith("+55 73 9••••-8537"))

    arun(story())


def test_the_detail_has_real_buttons_for_the_next_step_and_for_another_try(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            at.shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED))
            order = at.shop.order(1)
            await at.see(order)
            await wait_until(lambda: (row := at.row(order)) and row.can_retry)
            at.page.list.choose(order.id)
            buttons = at.page.detail.buttons
            await wait_until(buttons.advance.isVisible)
            assert buttons.step.text() == "Tentar de novo (T)"
            assert buttons.advance.text() == "Iniciar preparo"
            buttons.step.click()
            await wait_until(lambda: (shown := at.chip(order, 0)) and shown.word == "enviada")
            await wait_until(lambda: not buttons.advance.isVisible())
            await at.rest()
            buttons.step.click()
            await wait_until(lambda: buttons.step.text() == "Avisar pronto")

    arun(story())

"""Actions on a sent message: settle a doubt, resend, write another."""

from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from app.domain.attempt import InDoubt
from app.domain.receipt import Evidence, Receipt
from app.ui.orders.custom_message_dialog import CustomMessageDialog
from app.ui.orders.resend_question import ResendQuestion
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.shop import Shop
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop

D = TypeVar("D", bound=QDialog)


def dialog_of(at: WindowShopHarness, kind: type[D]) -> D:
    found = at.window.findChild(kind)
    assert isinstance(found, kind)
    return found


async def in_doubt(at: WindowShopHarness) -> None:
    at.shop.messenger.outcomes.append(InDoubt("ack_timeout"))
    order = at.shop.order(7)
    await at.see(order)
    await wait_until(lambda: (shown := at.chip(order, 0)) and shown.word == "em dúvida")
    at.page.list.choose(order.id)
    await wait_until(at.page.detail.buttons.arrived.isVisible)


async def read(shop: Shop, at: WindowShopHarness) -> None:
    """Return an order, selected in the list, with its payment message read."""
    order = shop.order(7)
    await at.see(order)
    await wait_until(lambda: (shown := at.chip(order, 0)) and shown.word == "enviada")
    told = await shop.message(order)
    await shop.messenger.emit(Receipt(told.message_id, Evidence.READ, shop.clock.now()))
    at.page.list.choose(order.id)
    await wait_until(lambda: (shown := at.chip(order, 0)) and shown.word == "lida")
    await wait_until(at.page.detail.menu.resend.isVisible)


@pytest.mark.requirement("Q4")
def test_a_person_who_knows_that_it_arrived_ends_the_doubt(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await in_doubt(at)
            at.page.detail.buttons.arrived.click()
            await wait_until(lambda: not at.page.detail.buttons.arrived.isVisible())
            assert len(at.shop.messenger.sends) == 1

    arun(story())


@pytest.mark.requirement("Q4")
def test_a_person_who_doubts_sends_the_same_message_again(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await in_doubt(at)
            at.page.detail.buttons.again.click()
            await wait_until(lambda: len(at.shop.messenger.sends) == 2)
            first, second = at.shop.messenger.sends
            assert first.message_id == second.message_id
            await wait_until(lambda: not at.page.detail.buttons.again.isVisible())

    arun(story())


@pytest.mark.requirement("Q6", "C2")
def test_saying_it_again_is_asked_first_and_shows_what_the_last_one_did(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await read(at.shop, at)
            assert "“pagamento” de novo" in at.page.detail.menu.resend.text()
            at.page.detail.menu.resend.trigger()
            question = dialog_of(at, ResendQuestion)
            time = at.shop.clock.now().astimezone().strftime("%H:%M")
            assert f"A última foi lida às {time}." in question.informativeText()
            await for_a_while()
            assert len(at.shop.messenger.sends) == 1
            question.agreed.click()
            await wait_until(lambda: len(at.shop.messenger.sends) == 2)
            first, second = at.shop.messenger.sends
            assert (first.text, first.jid) == (second.text, second.jid)
            assert first.message_id != second.message_id

    arun(story())


@pytest.mark.requirement("Q6")
def test_escape_and_enter_keep_the_message_from_being_said_again(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
                if not at.page.list.current_order:
                    await read(at.shop, at)
                at.page.detail.menu.resend.trigger()
                question = dialog_of(at, ResendQuestion)
                theme.apply_palette(theme.palette)
                assert question.focusWidget() is question.defaultButton()
                at.press(key, on=question.focusWidget())
                await wait_until(lambda: not at.window.findChildren(ResendQuestion))
            assert len(at.shop.messenger.sends) == 1

    arun(story())


@pytest.mark.requirement("C2")
def test_m_writes_a_message_of_ones_own_with_a_preview_before_it_is_sent(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await read(at.shop, at)
            at.press(Qt.Key.Key_M)
            await wait_until(lambda: at.window.findChild(CustomMessageDialog))
            dialog = dialog_of(at, CustomMessageDialog)
            assert not dialog.send.isEnabled()
            dialog.text.setPlainText("Acabou a *granola*, pode ser sem?")
            assert dialog.preview.text() == "Acabou a <b>granola</b>, pode ser sem?"
            assert dialog.send.text() == "Enviar para João"
            assert len(at.shop.messenger.sends) == 1
            dialog.send.click()
            await wait_until(lambda: len(at.shop.messenger.sends) == 2)
            first, second = at.shop.messenger.sends
            assert second.jid == first.jid
            assert second.text == "Acabou a *granola*, pode ser sem?"

    arun(story())


def test_message_goes_to_the_number_given_while_its_form_was_open(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await read(at.shop, at)
            at.press(Qt.Key.Key_M)
            await wait_until(lambda: at.window.findChild(CustomMessageDialog))
            dialog = dialog_of(at, CustomMessageDialog)
            dialog.text.setPlainText("Já vai!")
            await at.shop.see(at.shop.order(7, phone="+5573988887777"))
            dialog.send.click()
            await wait_until(lambda: len(at.shop.messenger.sends) == 2)
            assert at.shop.messenger.sends[1].jid.startswith("5573988887777@")

    arun(story())


def test_a_message_that_is_too_long_stays_in_its_form_with_the_reason(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await read(at.shop, at)
            at.page.detail.buttons.write.click()
            await wait_until(lambda: at.window.findChild(CustomMessageDialog))
            dialog = dialog_of(at, CustomMessageDialog)
            dialog.text.setPlainText("x" * 5000)
            dialog.send.click()
            await wait_until(dialog.fault.isVisible)
            assert dialog.fault.text()
            assert dialog.send.isEnabled()

    arun(story())

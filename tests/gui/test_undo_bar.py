"""Undo bar: a click can be undone while its message is pending, not longer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.lease import Lease
from app.domain.notification import State
from app.domain.order import NotificationType, Order
from app.domain.settings import Settings
from app.services.orders.board_row import Step
from app.ui.orders.resend_question import ResendQuestion
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop

WINDOW = timedelta(seconds=Settings().UNDO_SECONDS)
PREPARING = NotificationType.PREPARING


def ctrl_z(on: QWidget) -> None:
    QTest.keyClick(on, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def said(at: WindowShopHarness) -> str:
    """Return the bar's text, empty while it is hidden."""
    return at.page.undo_bar.words.text() if at.page.undo_bar.isVisible() else ""


def state_word(at: WindowShopHarness, order: Order) -> str:
    """Return the chip's word of the message about preparation."""
    shown = at.chip(order, 1)
    return shown.word if shown else ""


async def click(at: WindowShopHarness, order: Order) -> None:
    """Click the button of an order after its payment message was sent."""
    await at.see(order)
    await wait_until(lambda: (shown := at.chip(order, 0)) and shown.word == "enviada")
    at.page.list.choose(order.id)
    at.click(order)
    await wait_until(lambda: f"#{order.number} " in said(at))


@pytest.mark.requirement("Q7")
def test_ctrl_z_takes_back_message_and_status(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, undo_window=WINDOW) as at:
            order = at.shop.order(123)
            await click(at, order)
            assert said(at) == "#123 em preparo, cliente recebe em 5 s"
            ctrl_z(at.page.list)
            assert said(at) == ""
            await wait_until(lambda: state_word(at, order) == "cancelada")
            await at.shop.pass_time(seconds=60)
            assert len(at.shop.messenger.sends) == 1
            row = at.row(order)
            assert row is not None
            assert row.order.status == "paid"

    arun(story())


@pytest.mark.requirement("Q7")
def test_two_enters_and_an_undo_leave_the_order_as_it_was(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, undo_window=WINDOW) as at:
            order = at.shop.order(123, status="in_preparation")
            await at.see(order)
            at.page.list.choose(order.id)
            at.press(Qt.Key.Key_Return, Qt.Key.Key_Return)
            await wait_until(lambda: said(at) == "#123 pronto, cliente recebe em 5 s")
            await for_a_while()
            ctrl_z(at.page.list)
            await wait_until(lambda: (row := at.row(order)) and row.order.status == "in_preparation")
            await at.shop.pass_time(minutes=1)
            assert len(at.shop.messenger.sends) == 1
            row = at.row(order)
            assert row is not None
            assert (row.next_step, row.untold) == (Step.TELL_READY, False)

    arun(story())


@pytest.mark.requirement("Q7")
def test_the_bar_says_that_a_message_is_kept_while_the_queue_is_paused(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, undo_window=WINDOW) as at:
            order = at.shop.order(9, status="in_preparation")
            await at.see(order)
            await at.shop.core.queue.pause()
            at.page.list.choose(order.id)
            at.press(Qt.Key.Key_Return)
            await wait_until(lambda: said(at) == "#9 pronto, aviso guardado")

    arun(story())


@pytest.mark.requirement("Q7")
def test_the_bar_counts_down_and_goes_when_the_message_leaves(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, undo_window=WINDOW) as at:
            order = at.shop.order(123)
            await click(at, order)
            await at.shop.pass_time(seconds=3.5)
            await wait_until(lambda: said(at) == "#123 em preparo, cliente recebe em 2 s")
            assert len(at.shop.messenger.sends) == 1
            await at.shop.pass_time(seconds=1.5)
            await wait_until(lambda: said(at) == "")
            await wait_until(lambda: len(at.shop.messenger.sends) == 2)

    arun(story())


def test_of_several_clicks_the_newest_is_shown_and_taken_back_first(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, undo_window=WINDOW) as at:
            first, second = at.shop.order(1), at.shop.order(2, phone="+5573999540002")
            await click(at, first)
            await click(at, second)
            assert said(at) == "#2 em preparo, cliente recebe em 5 s (e mais 1)"
            at.page.undo_bar.button.click()
            assert said(at).startswith("#1 em preparo")
            ctrl_z(at.page.list)
            assert said(at) == ""
            await wait_until(
                lambda: [state_word(at, order) for order in (first, second)] == ["cancelada"] * 2
            )

    arun(story())


def test_who_is_too_late_reads_that_it_has_left(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, undo_window=WINDOW) as at:
            order = at.shop.order(123)
            await click(at, order)
            row = await at.shop.message(order, PREPARING)
            leased = replace(row, lease=Lease("1/now/boot", row.scheduled_at))
            await at.shop.store.transact(lambda rows: rows.notifications.save(leased))
            ctrl_z(at.page.list)
            await wait_until(lambda: at.window.notice.words.startswith("Já saiu."))

    arun(story())


def test_a_message_that_waits_for_the_items_is_nobodys_click(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, undo_window=WINDOW) as at:
            order = at.shop.order(9)
            await at.shop.core.watcher.store_and_notify(order, wait=WINDOW)
            await wait_until(lambda: at.row(order))
            await for_a_while()
            assert said(at) == ""
            ctrl_z(at.page.list)
            await at.shop.pass_time(seconds=5)
            await wait_until(lambda: len(at.shop.messenger.sends) == 1)

    arun(story())


def test_in_a_field_ctrl_z_takes_back_what_was_typed_and_no_message(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, undo_window=WINDOW) as at:
            order = at.shop.order(9)
            await click(at, order)
            at.page.search.setFocus()
            at.press("maria", on=at.page.search)
            ctrl_z(at.page.search)
            assert at.page.search.text() == ""
            assert said(at) != ""
            assert (await at.shop.message(order, PREPARING)).state is State.PENDING

    arun(story())


def test_a_message_that_is_sent_again_can_be_taken_back(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, undo_window=WINDOW) as at:
            order = at.shop.order(7)
            await at.see(order)
            at.page.list.choose(order.id)
            await wait_until(at.page.detail.menu.resend.isVisible)
            at.page.detail.menu.resend.trigger()
            question = at.window.findChild(ResendQuestion)
            assert isinstance(question, ResendQuestion)
            question.agreed.click()
            await wait_until(lambda: said(at) == "#7 “pagamento” de novo, cliente recebe em 5 s")
            at.page.undo_bar.button.click()
            await wait_until(lambda: (shown := at.chip(order, 0)) and shown.word == "cancelada")
            await at.shop.pass_time(minutes=1)
            assert len(at.shop.messenger.sends) == 1

    arun(story())

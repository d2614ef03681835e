"""Conversation of an order as one thread: announcements, answers with their text, the customer's words (C4)."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.identifiers import MessageId
from app.domain.order import NotificationType, Order
from app.domain.receipt import Evidence, Receipt
from app.ports.inbound import Inbound
from app.ui.orders.conversation import PAGE
from app.ui.orders.quick_answers import quick_answers
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.customer_words import RUI, say
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, open_window_shop

pytestmark = pytest.mark.requirement("C4")
SHIFT = Qt.KeyboardModifier.ShiftModifier


async def opened(at: WindowShopHarness, *words: str, status: str = "paid") -> Order:
    """Select an order whose customer wrote these words."""
    order = at.shop.order(7, status=status)
    await at.see(order)
    for text in words:
        await at.shop.pass_time(seconds=1)
        await say(at.shop, text)
    at.page.list.choose(order.id)
    at.page.list.setFocus()
    shown = at.page.detail.conversation
    await wait_until(lambda: len([view for view in shown.shown if not view.ours]) == min(len(words), PAGE))
    return order


def texts(at: WindowShopHarness) -> list[str]:
    return [view.text for view in at.page.detail.conversation.shown]


def test_announcements_answers_and_replies_stand_in_one_thread(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = await opened(at, "tem granola?")
            pane = at.page.detail.conversation
            await at.shop.pass_time(seconds=1)
            at.press("r")
            await wait_until(pane.answer_box.field.hasFocus)
            at.press("Tem sim", Qt.Key.Key_Return, on=pane.answer_box.field)
            await wait_until(lambda: len(pane.shown) == 3)
            await wait_until(
                lambda: pane.shown[-1].chip is not None and "enviada" in pane.shown[-1].chip.word
            )
            assert texts(at) == ["Pagamento confirmado", "tem granola?", "Tem sim"]
            assert [view.ours for view in pane.shown] == [True, False, True]
            assert len(pane.bubbles) == 3
            answer = at.shop.messenger.sends[-1].message_id
            await at.shop.messenger.emit(Receipt(answer, Evidence.READ, at.shop.clock.now()))
            await wait_until(lambda: pane.shown[-1].chip is not None and "lida" in pane.shown[-1].chip.word)
            first = await at.shop.message(order, NotificationType.PAYMENT_CONFIRMED)
            assert pane.shown[0].tooltip == first.text

    arun(story())


def test_shift_and_enter_begin_a_line_and_enter_alone_sends(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await opened(at, "oi")
            field = at.page.detail.conversation.answer_box.field
            height = field.height()
            QTest.keyClicks(field, "Oi!")
            QTest.keyClick(field, Qt.Key.Key_Return, SHIFT)
            QTest.keyClicks(field, "Pode vir")
            assert field.height() > height
            assert len(at.shop.messenger.sends) == 1
            QTest.keyClick(field, Qt.Key.Key_Return)
            await wait_until(lambda: at.shop.messenger.sends[-1].text == "Oi!\nPode vir")
            await wait_until(lambda: field.height() == height)

    arun(story())


@pytest.mark.parametrize("at_chip", range(3))
def test_quick_answer_fills_the_field_and_sends_nothing_by_itself(
    at_chip: int, theme: Theme, arun: Run
) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await opened(at, "demora?")
            pane = at.page.detail.conversation
            QTest.mouseClick(pane.quick.chips[at_chip], Qt.MouseButton.LeftButton)
            assert pane.answer_box.field.toPlainText() == quick_answers()[at_chip]
            assert pane.answer_box.field.hasFocus()
            assert len(at.shop.messenger.sends) == 1
            QTest.mouseClick(pane.answer_box.send, Qt.MouseButton.LeftButton)
            await wait_until(lambda: at.shop.messenger.sends[-1].text == quick_answers()[at_chip])

    arun(story())


def test_long_conversation_shows_its_latest_part_and_more_on_request(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await opened(at, *(f"recado {number}" for number in range(PAGE + 5)))
            pane = at.page.detail.conversation
            assert (len(pane.bubbles), texts(at)[-1]) == (PAGE, f"recado {PAGE + 4}")
            assert pane.older.isVisible()
            pane.older.click()
            assert len(pane.bubbles) == PAGE + 6
            assert texts(at)[0] == "Pagamento confirmado"
            assert not pane.older.isVisible()

    arun(story())


def test_unread_words_are_marked_until_they_are_read(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await opened(at, "posso buscar?")
            pane = at.page.detail.conversation
            assert pane.shown[-1].note == "não lida"
            QTest.mouseClick(pane.seen, Qt.MouseButton.LeftButton)
            await wait_until(lambda: pane.shown[-1].note == "")
            assert not pane.seen.isVisible()

    arun(story())


def test_words_of_another_number_are_named_so_and_cannot_be_answered(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(7)
            await at.see(order)
            at.page.list.choose(order.id)
            pane = at.page.detail.conversation
            text, now = "Oi! Quero acompanhar o pedido 7", at.shop.clock.now()
            said = Inbound(MAIN, MessageId("3AX"), RUI, "text", text, now, live=True)
            await at.shop.messenger.emit(said)
            await wait_until(pane.use.isVisible)
            assert pane.shown[-1].note == "outro número, não lida"
            assert not pane.answer_box.isVisible()

    arun(story())

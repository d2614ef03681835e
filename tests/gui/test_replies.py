"""Customer replies on the order's detail pane, and answers to them."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.errors import DiskFullError
from app.domain.events import RepliesRead
from app.domain.identifiers import MessageId
from app.domain.order import Order
from app.domain.phone import Phone
from app.ports.inbound import Inbound
from app.services.messaging.inbox import Inbox
from app.services.text.message_catalog import Sentence
from app.ui.orders.conversation import Conversation
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.customer_words import ANA, RUI
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import SENTENCES, WindowShopHarness, open_window_shop

pytestmark = pytest.mark.requirement("C4")


async def written(
    at: WindowShopHarness,
    message_id: str,
    text: str | None,
    kind: str = "text",
    about: str | None = None,
    phone: Phone = ANA,
) -> None:
    now, named = at.shop.clock.now(), MessageId(message_id)
    changed = MessageId(about) if about else None
    await at.shop.messenger.emit(Inbound(MAIN, named, phone, kind, text, now, live=True, about=changed))


def theirs(pane: Conversation) -> list[str]:
    """Return the customer's words on the screen, oldest first."""
    return [view.text for view in pane.shown if not view.ours]


def unread(at: WindowShopHarness, order: Order) -> int:
    row = at.row(order)
    return row.unread if row else 0


def test_replies_are_counted_on_the_row_and_listed_in_the_pane(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(7)
            await at.see(order)
            at.page.list.choose(order.id)
            pane = at.page.detail.conversation
            assert not pane.answer_box.isVisible()
            await written(at, "A", "posso pegar em 10 min?")
            await written(at, "B", None, "sticker")
            await wait_until(lambda: unread(at, order) == 2)
            assert "respostas não lidas: 2" in at.words(order)
            at.page.list.viewport().grab()
            await wait_until(lambda: len(theirs(pane)) == 2)
            assert theirs(pane) == [
                "posso pegar em 10 min?",
                "[figurinha]",
            ]
            assert pane.seen.isVisible()
            pane.seen.click()
            await wait_until(lambda: unread(at, order) == 0)
            await wait_until(lambda: not pane.seen.isVisible())
            assert "respostas não lidas" not in at.words(order)

    arun(story())


def test_an_answer_is_typed_under_the_replies_and_marks_them_read(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order, other = at.shop.order(7), at.shop.order(8, phone="+5573988887777")
            await at.see(order, other)
            await written(at, "A", "tem granola?")
            at.page.list.choose(order.id)
            pane = at.page.detail.conversation
            await wait_until(pane.answer_box.isVisible)
            assert not pane.answer_box.send.isEnabled()
            QTest.keyClicks(pane.answer_box.field, "Tem sim")
            await written(at, "B", "e leite em pó?")
            await wait_until(lambda: len(theirs(pane)) == 2)
            assert pane.answer_box.field.toPlainText() == "Tem sim"
            QTest.keyClick(pane.answer_box.field, Qt.Key.Key_Return)
            await wait_until(lambda: at.shop.messenger.sends[-1].text == "Tem sim")
            await wait_until(lambda: unread(at, order) == 0)
            assert pane.answer_box.field.toPlainText() == ""
            assert RepliesRead(order.id) in at.shop.events
            at.page.list.choose(other.id)
            await wait_until(lambda: not pane.answer_box.isVisible())

    arun(story())


def test_a_refused_answer_stays_typed_with_its_reason(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(7)
            await at.see(order)
            await written(at, "A", "PARAR")
            at.page.list.choose(order.id)
            pane = at.page.detail.conversation
            await wait_until(pane.answer_box.isVisible)
            QTest.keyClicks(pane.answer_box.field, "Certo!")
            pane.answer_box.send.click()
            await wait_until(pane.answer_box.fault.isVisible)
            assert pane.answer_box.fault.text().startswith("O cliente pediu para não receber mensagens.")
            assert pane.answer_box.field.toPlainText() == "Certo!"

    arun(story())


@pytest.mark.requirement("K9")
def test_the_pane_shows_what_was_edited_deleted_and_taken_back(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(7)
            await at.see(order)
            at.page.list.choose(order.id)
            pane = at.page.detail.conversation
            for message_id in ("A", "B", "C"):
                await written(at, message_id, "sem leite")
            await wait_until(lambda: len(theirs(pane)) == 3)
            await at.shop.core.inbox.mark_read(order.id)
            await wait_until(lambda: unread(at, order) == 0)
            for kind, text, about in (
                ("edit", "com leite", "A"),
                ("edit", None, "B"),
                ("deletion", None, "C"),
            ):
                await written(at, f"{kind}{about}", text, kind, about)
            await wait_until(lambda: unread(at, order) == 3)
            await wait_until(lambda: theirs(pane)[-1] == "[apagou a mensagem]")
            assert theirs(pane) == [
                "com leite (editada)",
                "[editou a mensagem: veja no celular] antes: sem leite",
                "[apagou a mensagem]",
            ]

    arun(story())


@pytest.mark.requirement("T7")
def test_an_answer_that_is_empty_to_the_eye_cannot_be_sent(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(order := at.shop.order(7))
            await written(at, "A", "tem granola?")
            at.page.list.choose(order.id)
            pane = at.page.detail.conversation
            await wait_until(pane.answer_box.isVisible)
            pane.answer_box.field.setPlainText("\u200b\u2800")
            assert not pane.answer_box.send.isEnabled()
            pane.answer_box.field.setPlainText("Tem {{items}}")
            pane.answer_box.send.click()
            await wait_until(pane.answer_box.fault.isVisible)
            assert pane.answer_box.fault.text().startswith("O texto tem {{, que só os modelos usam")

    arun(story())


def test_refusal_about_one_order_is_not_shown_in_the_pane_of_another(
    theme: Theme, arun: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        asked, released = asyncio.Event(), asyncio.Event()

        async def refused(*_: object) -> None:
            asked.set()
            await released.wait()
            raise DiskFullError

        monkeypatch.setattr(Inbox, "answer", refused)
        async with open_window_shop(theme) as at:
            one, other = at.shop.order(7), at.shop.order(8, phone=RUI.number)
            await at.see(one, other)
            await written(at, "A", "tem granola?")
            await written(at, "B", "posso buscar?", phone=RUI)
            at.page.list.choose(one.id)
            pane = at.page.detail.conversation
            await wait_until(pane.answer_box.isVisible)
            shown: list[Sentence] = []
            at.context.runner.problem_reported.connect(shown.append)
            pane.answer_box.field.setPlainText("tem sim")
            pane.answer_box.submit()
            await asked.wait()
            at.page.list.choose(other.id)
            await wait_until(lambda: theirs(pane) == ["posso buscar?"])
            released.set()
            await wait_until(lambda: bool(shown) or pane.answer_box.fault.isVisible())
            assert (shown, pane.answer_box.fault.isVisible()) == (
                [SENTENCES.of_error(DiskFullError())],
                False,
            )
            assert not pane.answer_box.send.isEnabled()

    arun(story())


def test_reason_of_a_refusal_goes_when_another_order_is_chosen(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            one, other = at.shop.order(7), at.shop.order(8, phone=RUI.number)
            await at.see(one, other)
            await written(at, "A", "tem granola?")
            await written(at, "B", "posso buscar?", phone=RUI)
            at.page.list.choose(one.id)
            pane = at.page.detail.conversation
            await wait_until(pane.answer_box.isVisible)
            pane.answer_box.fault.show_error(DiskFullError())
            at.page.list.choose(other.id)
            await wait_until(lambda: theirs(pane) == ["posso buscar?"])
            assert not pane.answer_box.fault.isVisible()

    arun(story())

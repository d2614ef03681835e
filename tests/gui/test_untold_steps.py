"""Untold orders at the counter: every reason has a step that ends it, by keys and by mouse (C7, C9)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.notification import HandOver, Notification, State
from app.domain.order import NotificationType, Order
from app.domain.queue_policy import QueuePolicy
from app.domain.untold import UNTOLD_STEPS, UntoldReason, UntoldStep
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.customer_words import ANA, RUI, say
from tests.harness.shop import shop_choices
from tests.harness.untold_orders import untold_order
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop

ENTER = Qt.Key.Key_Return
READY = NotificationType.READY


@asynccontextmanager
async def untold_window(
    theme: Theme, reason: UntoldReason, *, training: bool = False
) -> AsyncIterator[tuple[WindowShopHarness, Order]]:
    """Open a window with one order, selected, whose customer was not told for this reason."""
    choices = shop_choices(queue=QueuePolicy(repeats_doubts=False))
    async with open_window_shop(theme, choices=choices, training=training) as at:
        order = await untold_order(at.shop, reason)
        await wait_until(lambda: (row := at.row(order)) is not None and row.untold_reason is reason)
        at.page.list.choose(order.id)
        at.page.list.setFocus()
        await wait_until(lambda: at.page.detail.title.text().startswith("#7"))
        await wait_until(at.page.detail.untold.isVisible)
        yield at, order


async def told(at: WindowShopHarness, order: Order) -> Notification:
    """Wait until the order counts as told, and return its message."""
    await wait_until(lambda: (row := at.row(order)) is not None and not row.untold)
    await wait_until(lambda: not at.page.detail.untold.isVisible())
    row = at.row(order)
    assert row is not None
    assert row.present is not None
    return row.present.notification


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


async def finish_by_keys(at: WindowShopHarness, step: UntoldStep) -> None:
    """Carry on, by keys alone, from where Enter in the list has led."""
    pane = at.page.detail
    match step:
        case UntoldStep.CALL:
            await wait_until(pane.call.isVisible)
            at.press("j")
        case UntoldStep.CORRECT_PHONE:
            await wait_until(pane.customer.field.number.hasFocus)
            at.press(RUI.number, on=pane.customer.field.number)
            at.press(ENTER, on=pane.customer.field.number)
        case UntoldStep.DECIDE:
            await wait_until(pane.buttons.doubt.hasFocus)
            at.press(ENTER, on=pane.buttons.doubt)
            at.press(Qt.Key.Key_Left, on=pane.buttons.doubt)
            assert pane.buttons.arrived.hasFocus()
            at.press(Qt.Key.Key_Space, on=pane.buttons.arrived)
        case UntoldStep.ANSWER:
            await wait_until(pane.conversation.answer_box.field.hasFocus)
            at.press("Pode vir!", ENTER, on=pane.conversation.answer_box.field)
            await wait_until(lambda: at.shop.messenger.sends[-1].text == "Pode vir!")
            at.press(Qt.Key.Key_Escape, on=pane.conversation.answer_box.field)
            assert at.page.list.hasFocus()
            at.press("j")
        case _:
            return


async def finish_by_mouse(at: WindowShopHarness, step: UntoldStep) -> None:
    pane = at.page.detail
    match step:
        case UntoldStep.CALL:
            await wait_until(pane.call.isVisible)
            click(pane.call.already_told)
        case UntoldStep.CORRECT_PHONE:
            await wait_until(pane.customer.field.isVisible)
            pane.customer.field.number.setText(RUI.number)
            click(pane.customer.field.save)
        case UntoldStep.ANSWER:
            click(pane.buttons.told)
        case _:
            return


@pytest.mark.requirement("C9")
@pytest.mark.parametrize("reason", UntoldReason)
def test_every_untold_row_has_a_step_that_ends_its_being_untold(
    reason: UntoldReason, theme: Theme, arun: Run
) -> None:
    async def story() -> None:
        async with untold_window(theme, reason) as (at, order):
            at.press(ENTER)
            await finish_by_keys(at, UNTOLD_STEPS[reason].first)
            await told(at, order)

    arun(story())


@pytest.mark.requirement("C9")
@pytest.mark.parametrize("reason", UntoldReason)
def test_button_of_every_untold_reason_ends_its_being_untold(
    reason: UntoldReason, theme: Theme, arun: Run
) -> None:
    async def story() -> None:
        async with untold_window(theme, reason) as (at, order):
            buttons = at.page.detail.buttons
            doubtful = reason is UntoldReason.IN_DOUBT
            click(buttons.arrived if doubtful else buttons.step)
            await finish_by_mouse(at, UNTOLD_STEPS[reason].first)
            await told(at, order)

    arun(story())


@pytest.mark.requirement("C9")
@pytest.mark.parametrize("reason", UntoldReason)
def test_pane_says_the_reason_in_short_and_always_offers_already_told(
    reason: UntoldReason, theme: Theme, arun: Run
) -> None:
    async def story() -> None:
        async with untold_window(theme, reason) as (at, order):
            short = at.context.sentences.say("untold_in_short", reason)
            assert at.page.detail.untold.text().startswith(f"Não avisado: {short}")
            assert f"Não avisado: {short}" in at.words(order)
            click(at.page.detail.buttons.told)
            row = await told(at, order)
            assert (row.state, row.reason) == (State.HANDED_OVER, HandOver.IN_PERSON)
            ours = [view for view in at.page.detail.conversation.shown if view.ours]
            assert ours[-1].description.endswith("avisado pessoalmente")

    arun(story())


@pytest.mark.requirement("C3", "C9")
def test_customer_without_whatsapp_is_called_by_name_and_phone(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with untold_window(theme, UntoldReason.NOT_ON_WHATSAPP) as (at, order):
            pane = at.page.detail
            at.press(ENTER)
            await wait_until(pane.call.isVisible)
            assert pane.call.phone.text() == ANA.national
            assert pane.call.name.text() == "#7 João Silva"
            assert not pane.buttons.isVisible()
            at.press("c")
            await wait_until(lambda: QGuiApplication.clipboard().text() == ANA.national)
            at.press(ENTER)
            await for_a_while()
            assert at.row(order) is not None
            assert (await at.shop.message(order, READY)).state is State.SUPPRESSED, (
                "a second Enter tells nothing"
            )
            at.press(Qt.Key.Key_Escape)
            await wait_until(lambda: not pane.call.isVisible())
            assert pane.buttons.isVisible()

    arun(story())


@pytest.mark.requirement("C9", "P1")
def test_wrong_number_is_corrected_in_the_pane_and_the_customer_told(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with untold_window(theme, UntoldReason.NOT_ON_WHATSAPP) as (at, order):
            field = at.page.detail.customer.field
            at.press("e")
            await wait_until(field.number.hasFocus)
            assert field.number.selectedText() == ANA.national
            at.press("73", on=field.number)
            assert field.verdict.text() == "Não é um número de telefone."
            assert not field.save.isEnabled()
            at.press(ENTER, on=field.number)
            await for_a_while()
            assert field.isVisible()
            field.number.clear()
            at.press(RUI.number, on=field.number)
            assert field.verdict.text() == f"✓ {RUI.national}"
            at.press(ENTER, on=field.number)
            await told(at, order)
            await wait_until(
                lambda: [each.jid for each in at.shop.messenger.sends if RUI.number[1:] in each.jid]
            )
            assert not field.isVisible()
            assert at.page.list.hasFocus()

    arun(story())


def test_escape_leaves_the_phone_field_and_changes_nothing(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with untold_window(theme, UntoldReason.NOT_ON_WHATSAPP) as (at, order):
            field = at.page.detail.customer.field
            click(at.page.detail.customer.correct_)
            at.press(RUI.number, Qt.Key.Key_Escape, on=field.number)
            assert not field.isVisible()
            assert at.page.list.hasFocus()
            await for_a_while()
            row = at.row(order)
            assert row is not None
            assert row.order.customer_phone == ANA.number

    arun(story())


@pytest.mark.requirement("C7")
@pytest.mark.parametrize("training", [False, True])
def test_hand_over_opens_whatsapp_with_the_text_except_in_a_training(
    training: bool,  # noqa: FBT001 - a case
    theme: Theme,
    arun: Run,
) -> None:
    async def story() -> None:
        async with untold_window(theme, UntoldReason.NOT_SENT, training=training) as (at, order):
            at.press("a")
            row = await told(at, order)
            assert (row.state, row.reason) == (State.HANDED_OVER, HandOver.BY_LINK)
            await wait_until(at.page.detail.said.isVisible)
            assert "pronto" in QGuiApplication.clipboard().text()
            assert [link.partition("?")[0] for link in at.opened] == (
                [] if training else [f"https://wa.me/{ANA.number[1:]}"]
            )
            assert ("Treinamento" in at.page.detail.said.text()) is training
            assert "enviada manualmente" in at.page.detail.conversation.shown[-1].description
            await at.shop.core.queue.retry_failed_notifications()
            assert len(at.shop.messenger.sends) == 1

    arun(story())


@pytest.mark.requirement("X1")
def test_no_retry_is_offered_after_the_customer_asked_to_stop(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with untold_window(theme, UntoldReason.NOT_SENT) as (at, order):
            await say(at.shop, "PARAR")
            await at.shop.see(order)
            await wait_until(
                lambda: (row := at.row(order)) is not None and row.untold_reason is UntoldReason.OPTED_OUT
            )
            buttons, menu = at.page.detail.buttons, at.page.detail.menu
            await wait_until(lambda: buttons.step.text() == "Chamar o cliente")
            shown = [buttons.second, buttons.by_hand, buttons.write, buttons.doubt]
            assert not any(button.isVisible() for button in shown)
            assert not menu.resend.isVisible()
            at.press("t")
            at.press("a")
            await for_a_while()
            assert sum("*pronto*" in send.text for send in at.shop.messenger.sends) == 1
            assert at.opened == []

    arun(story())

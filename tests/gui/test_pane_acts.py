"""Acts of the detail pane on any order: step back, cancel, copy the phone, answer."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.domain.untold import UntoldReason
from app.ui.orders.cancel_question import CancelQuestion
from app.ui.orders.custom_message_dialog import CustomMessageDialog
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.customer_words import ANA, RUI
from tests.harness.untold_orders import untold_order
from tests.harness.waiting import wait_until
from tests.harness.window_shop import for_a_while, open_window_shop


@pytest.mark.requirement("C9")
def test_stage_is_taken_back_by_backspace_and_by_the_menu(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(7, status="ready")
            await at.see(order)
            at.page.list.choose(order.id)
            at.page.list.setFocus()
            await wait_until(at.page.detail.menu.step_back.isVisible)
            at.press(Qt.Key.Key_Backspace)
            await wait_until(lambda: (row := at.row(order)) and row.order.status == "in_preparation")
            at.page.detail.menu.step_back.trigger()
            await wait_until(lambda: (row := at.row(order)) and row.order.status == "paid")
            await wait_until(lambda: not at.page.detail.menu.step_back.isVisible())

    arun(story())


@pytest.mark.requirement("C9")
def test_order_is_cancelled_only_after_a_question(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(7)
            await at.see(order)
            at.page.list.choose(order.id)
            await wait_until(at.page.detail.menu.cancel.isVisible)
            at.page.detail.menu.cancel.trigger()
            question = at.window.findChild(CancelQuestion)
            assert isinstance(question, CancelQuestion)
            await for_a_while()
            row = at.row(order)
            assert row is not None
            assert row.order.status == "paid"
            question.agreed.click()
            await wait_until(lambda: (row := at.row(order)) is None or row.order.status == "cancelled")

    arun(story())


@pytest.mark.requirement("P3")
def test_phone_is_copied_only_while_its_order_is_worked_with(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(7)
            await at.see(order)
            at.page.list.choose(order.id)
            customer = at.page.detail.customer
            await wait_until(customer.copy_.isVisible)
            customer.copy_.click()
            assert QGuiApplication.clipboard().text() == ANA.national
            assert at.page.detail.said.text() == "Telefone copiado."
            QGuiApplication.clipboard().clear()
            await at.shop.core.orders.advance(order.id, "completed")
            await wait_until(lambda: not customer.copy_.isVisible())
            assert not customer.correct_.isVisible()
            at.press("c")
            await for_a_while()
            assert QGuiApplication.clipboard().text() == ""

    arun(story())


def test_keys_of_the_list_work_while_a_button_of_the_pane_has_the_focus(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(7)
            await at.see(order)
            at.page.list.choose(order.id)
            buttons = at.page.detail.buttons
            await wait_until(buttons.step.isVisible)
            buttons.step.setFocus()
            at.press("c", on=buttons.step)
            await wait_until(lambda: QGuiApplication.clipboard().text() == ANA.national)
            at.press(Qt.Key.Key_Return, on=buttons.step)
            await wait_until(lambda: (row := at.row(order)) and row.order.status == "in_preparation")
            at.press(Qt.Key.Key_Escape, on=buttons.step)
            assert at.page.list.hasFocus()

    arun(story())


def test_customer_who_never_wrote_gets_a_message_in_place_of_an_answer(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(7)
            await at.see(order)
            at.page.list.choose(order.id)
            at.page.list.setFocus()
            at.press("r")
            await wait_until(lambda: at.window.findChild(CustomMessageDialog) is not None)

    arun(story())


@pytest.mark.requirement("C9")
def test_click_on_a_rows_button_calls_the_customer_of_that_row(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            other = at.shop.order(8, phone=RUI.number)
            await at.see(other)
            order = await untold_order(at.shop, UntoldReason.NOT_ON_WHATSAPP)
            await wait_until(lambda: (row := at.row(order)) is not None and row.untold)
            at.page.list.choose(other.id)
            await wait_until(lambda: at.page.detail.title.text().startswith("#8"))
            await at.shop.pass_time(seconds=1)
            at.click(order)
            await wait_until(at.page.detail.call.isVisible)
            assert at.page.detail.call.name.text() == "#7 João Silva"
            at.page.list.choose(other.id)
            await wait_until(lambda: not at.page.detail.call.isVisible())

    arun(story())


@pytest.mark.requirement("C7")
def test_hand_over_says_that_the_text_was_copied_when_no_link_opens(
    theme: Theme, arun: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            monkeypatch.setattr(
                at.page.detail._sending, "_context", replace(at.context, open_link=_opens_nothing)
            )
            order = await untold_order(at.shop, UntoldReason.NOT_SENT)
            await wait_until(lambda: (row := at.row(order)) is not None and row.untold)
            at.page.list.choose(order.id)
            await wait_until(at.page.detail.buttons.second.isVisible)
            at.page.detail.buttons.second.click()
            await wait_until(at.page.detail.said.isVisible)
            assert at.page.detail.said.text().startswith("O texto foi copiado: cole na conversa")

    arun(story())


def _opens_nothing(_link: str) -> bool:
    return False

"""Layout of the orders page: no text is clipped in a narrow window."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from app.domain.queue_policy import QueuePolicy
from app.domain.untold import UntoldReason
from app.ui.orders.new_order_dialog import NewOrderDialog
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.shop import shop_choices
from tests.harness.untold_orders import untold_order
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop


async def narrow_list(at: WindowShopHarness, width: int) -> None:
    """Narrow the window as the dock of a training does."""
    at.page.setFixedWidth(width)
    await for_a_while()


@pytest.mark.parametrize("width", [960, 940, 900])
def test_every_tab_shows_its_whole_word_and_count(width: int, theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(at.shop.order(1))
            at.page.tabs.show_counts(dict.fromkeys(at.page.tabs.buttons, 130))
            await narrow_list(at, width)
            for button in at.page.tabs.buttons.values():
                assert button.width() >= button.sizeHint().width(), button.text()

    arun(story())


def test_beside_a_list_the_sentence_of_the_empty_detail_is_whole(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(at.shop.order(1))
            await narrow_list(at, 900)
            words = [label for label in at.page.detail.findChildren(QLabel) if label.wordWrap()]
            shown = [label for label in words if label.isVisible()]
            assert any("cada mensagem" in label.text() for label in shown)
            for label in shown:
                assert label.height() >= label.heightForWidth(label.width()), label.text()

    arun(story())


def test_the_order_that_was_clicked_stays_in_sight_above_the_undo_bar(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            orders = [at.shop.order(n, phone=f"+5573999540{n:03d}") for n in range(1, 31)]
            await at.see(*orders)
            view = at.page.list
            rows = range(at.page.model.rowCount())
            index = next(
                i
                for i in reversed([at.page.model.index(row) for row in rows])
                if view.visualRect(i).bottom() < view.viewport().height()
            )
            view.setCurrentIndex(index)
            at.page.undo_bar.show()
            await wait_until(lambda: view.visualRect(index).bottom() < view.viewport().height())

    arun(story())


def test_the_form_for_an_order_says_what_it_is(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            at.page.open_new_order()
            await wait_until(lambda: at.page.findChild(NewOrderDialog))
            form = at.page.findChild(NewOrderDialog)
            assert isinstance(form, NewOrderDialog)
            assert "Novo pedido" in [label.text() for label in form.findChildren(QLabel)]

    arun(story())


@pytest.mark.parametrize("reason", UntoldReason)
def test_no_button_of_the_narrow_pane_is_clipped(reason: UntoldReason, theme: Theme, arun: Run) -> None:
    async def story() -> None:
        choices = shop_choices(queue=QueuePolicy(repeats_doubts=False))
        async with open_window_shop(theme, choices=choices) as at:
            order = await untold_order(at.shop, reason)
            await narrow_list(at, 900)
            await wait_until(lambda: at.row(order))
            at.page.list.choose(order.id)
            await wait_until(at.page.detail.untold.isVisible)
            await for_a_while()
            shown = [each for each in at.page.detail.findChildren(QPushButton) if each.isVisible()]
            assert len(shown) >= 2
            for button in shown:
                assert button.width() >= button.sizeHint().width(), button.text()

    arun(story())

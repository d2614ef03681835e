"""Label for the error of a refused input, in the dialogs that show it."""

from collections.abc import Callable
from itertools import combinations

import pytest
from PySide6.QtWidgets import QWidget

from app.domain.errors import DiskFullError, OptedOutError
from app.domain.order import Order
from app.ui.orders.custom_message_dialog import CustomMessageDialog
from app.ui.orders.till_receipt_dialog import TillReceiptDialog
from app.ui.page_context import PageContext
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.waiting import wait_until
from tests.harness.window_shop import for_a_while, open_window_shop

Opened = CustomMessageDialog | TillReceiptDialog


@pytest.mark.parametrize("kind", [CustomMessageDialog, TillReceiptDialog])
def test_dialog_grows_for_an_error_of_several_lines(
    theme: Theme, arun: Run, kind: Callable[[PageContext, Order, QWidget], Opened]
) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(7)
            await at.see(order)
            dialog = kind(at.context, order, at.window)
            dialog.open()
            if isinstance(dialog, TillReceiptDialog):
                await wait_until(dialog.save.isEnabled)
            for error in (DiskFullError(), OptedOutError()):
                dialog.fault.show_error(error)
                await for_a_while(20)
                parts = [each for each in dialog.findChildren(QWidget) if each.parentWidget() is dialog]
                shown = [each for each in parts if each.isVisible() and not each.isWindow()]
                assert dialog.fault in shown
                assert not [
                    one for one in combinations(shown, 2) if one[0].geometry().intersects(one[1].geometry())
                ]
            dialog.reject()

    arun(story())

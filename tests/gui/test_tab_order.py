"""Tab over the orders page: forward it reaches every control, backward it is the reverse."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.attempt import Rejected, RejectionKind
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop

MOST = 80


def focusable(page: QWidget) -> list[QWidget]:
    """Return the page's controls that are on the screen and can be reached by Tab."""
    return [
        each
        for each in page.findChildren(QWidget)
        if each.isVisible()
        and each.isEnabled()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
    ]


def walk(at: WindowShopHarness, key: Qt.Key) -> list[QWidget]:
    """Press the key until the focus is back on the list; return what it reached within the page, in order."""
    at.page.list.setFocus()
    found = [focused(at)]
    for _ in range(MOST):
        QTest.keyClick(focused(at), key)
        if focused(at) is at.page.list:
            return [each for each in found if at.page.isAncestorOf(each)]
        found.append(focused(at))
    raise AssertionError(f"the focus never came back: {[named(each) for each in found[-6:]]}")


def focused(at: WindowShopHarness) -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    assert at.window.isAncestorOf(widget)
    return widget


def named(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName() or widget.objectName()!r}"


@pytest.mark.requirement("C5")
@pytest.mark.parametrize("state", ["nothing chosen", "told", "untold"])
def test_tab_reaches_every_control_and_back_in_reverse(theme: Theme, arun: Run, state: str) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            at.window.activateWindow()
            await wait_until(at.window.isActiveWindow)
            if state == "untold":
                at.shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED))
            order = at.shop.order(7)
            await at.see(order)
            if state != "nothing chosen":
                at.page.list.choose(order.id)
                await wait_until(at.page.detail.menu.isVisible)
            await for_a_while()
            forward, backward = walk(at, Qt.Key.Key_Tab), walk(at, Qt.Key.Key_Backtab)
            missed = [named(each) for each in focusable(at.page) if each not in forward]
            assert missed == []
            assert [named(each) for each in backward[1:]] == [named(each) for each in forward[:0:-1]]

    arun(story())

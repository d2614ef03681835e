"""Keys: the table of all keys against the window's shortcuts, and what F1, F9 and F11 do."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel

from app.ports.messenger import LinkChanged, LinkState
from app.ui.frame.connection_indicator import ConnectionButton
from app.ui.frame.keys_page import KeysPage
from app.ui.frame.pause_button import PauseButton
from app.ui.keys import KEYS, KeyGroup, key_words
from app.ui.orders.order_act import ACT_KEYS
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, open_window_shop

pytestmark = pytest.mark.requirement("C7")

OF_LIST = {"Up", "Down", "Left", "Right", "Return", "Enter", "Esc"}
"""Keys that the list, or the widget with the focus, handles itself."""


def shortcuts(at: WindowShopHarness) -> set[str]:
    everywhere = [
        one for one in at.window.findChildren(QShortcut) if one.context() is Qt.ShortcutContext.WindowShortcut
    ]
    portable = QKeySequence.SequenceFormat.PortableText
    return {one.key().toString(portable) for one in everywhere}


def test_table_holds_exactly_the_keys_that_the_window_has(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            acts = {QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) for key in ACT_KEYS}
            listed = [sequence for key in KEYS for sequence in key.sequences]
            assert len(listed) == len(set(listed))
            assert set(listed) - OF_LIST == (shortcuts(at) | acts) - OF_LIST

    arun(story())


def test_buttons_name_only_keys_of_the_table(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(at.shop.order(1))
            known = {key.key for key in KEYS} | {s for key in KEYS for s in key.sequences}
            shown = [
                one for one in at.window.findChildren(QAbstractButton) if "(" in one.text() + one.toolTip()
            ]
            named = {
                text.rpartition("(")[2].rstrip(")")
                for one in shown
                for text in (one.text(), one.toolTip())
                if text.endswith(")")
            }
            assert named
            assert named - known == set()

    arun(story())


def test_f1_lists_every_key_and_closes_again(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            QTest.keyClick(at.window, Qt.Key.Key_F1)
            await wait_until(lambda: at.window.findChild(KeysPage) is not None)
            page = at.window.findChild(KeysPage)
            assert isinstance(page, KeysPage)
            said = {label.text() for label in page.findChildren(QLabel)}
            for key in KEYS:
                assert {key.key, key_words(key)} <= said
            assert {key.group for key in KEYS} == set(KeyGroup)
            assert page.sizeHint().height() <= 640
            QTest.keyClick(page, Qt.Key.Key_F1)
            await wait_until(lambda: at.window.findChild(KeysPage) is None)

    arun(story())


def test_f9_pauses_and_continues_on_every_page(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            pause = at.window.findChild(PauseButton)
            assert isinstance(pause, PauseButton)
            QTest.keyClick(at.window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(at.window, Qt.Key.Key_F9)
            await wait_until(lambda: at.shop.core.queue.paused)
            await wait_until(lambda: pause.toolTip() == "Continuar os avisos (F9)")
            pause.click()
            await wait_until(lambda: not at.shop.core.queue.paused)
            await wait_until(lambda: pause.toolTip() == "Pausar os avisos (F9)")

    arun(story())


def test_f11_fills_the_screen_and_leaves_it(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            QTest.keyClick(at.window, Qt.Key.Key_F11)
            await wait_until(at.window.isFullScreen)
            QTest.keyClick(at.window, Qt.Key.Key_F11)
            await wait_until(lambda: not at.window.isFullScreen())

    arun(story())


def test_enter_clicks_the_focused_button(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            pause = at.window.findChild(PauseButton)
            lamp = at.window.findChild(ConnectionButton)
            assert isinstance(pause, PauseButton)
            assert isinstance(lamp, ConnectionButton)
            pause.setFocus()
            QTest.keyClick(pause, Qt.Key.Key_Return)
            await wait_until(lambda: at.shop.core.queue.paused)
            QTest.keyClick(pause, Qt.Key.Key_Enter)
            await wait_until(lambda: not at.shop.core.queue.paused)
            at.shop.messenger.opens = False
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
            lamp.setFocus()
            QTest.keyClick(lamp, Qt.Key.Key_Return)
            await wait_until(lamp.popover.isVisible)
            tries = len(at.shop.messenger.connects)
            lamp.popover.reconnect.setFocus()
            QTest.keyClick(lamp.popover.reconnect, Qt.Key.Key_Return)
            await wait_until(lambda: len(at.shop.messenger.connects) == tries + 1)

    arun(story())

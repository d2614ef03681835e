"""Enter on a focused button: clicks it, as a person expects; Qt knows the space bar alone."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def click_focused(window: QWidget, event: QKeyEvent) -> bool:
    """Click the window's focused button if this is Enter, once per keystroke; return whether it was clicked."""
    button = window.focusWidget()
    if event.key() not in _ENTER or event.isAutoRepeat() or not isinstance(button, QAbstractButton):
        return False
    button.click()
    event.accept()
    return True

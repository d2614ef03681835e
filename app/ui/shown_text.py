"""Text in the window shown as it was typed: the one place that decides what Qt may read into it (Z7).

Qt takes a text that looks like HTML for HTML, an ampersand in a button for a shortcut, and "[*]" in a title for a mark.
"""

from typing import Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

# Invisible and of no width: with it behind them, Qt sees no tag and no entity.
_WORD_JOINER: Final = "\N{WORD JOINER}"


class PlainLabel(QLabel):
    """Label that shows every sign of its text."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


class MarkupLabel(QLabel):
    """Label of HTML that we wrote, with what others wrote escaped in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)


class PlainMessageBox(QMessageBox):
    """Question to the person that shows every sign of its texts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)


class _Tipped(Protocol):
    def setToolTip(self, text: str, /) -> None: ...


def set_tooltip(widget: _Tipped, text: str) -> None:
    widget.setToolTip(tooltip_text(text))


def tooltip_text(text: str) -> str:
    """The text as a tooltip, whose format Qt guesses and nobody can set."""
    return text.replace("<", f"<{_WORD_JOINER}").replace("&", f"&{_WORD_JOINER}")


def button_text(text: str) -> str:
    """The text as the words of a button, a tab or a menu."""
    return text.replace("&", "&&")


def title_text(text: str) -> str:
    """The text as a window's title."""
    return text.replace("[*]", "[*][*]")

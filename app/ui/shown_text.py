"""Escaping of texts for Qt widgets, here only, so that they are shown as typed (Z7).

Qt takes a text that looks like HTML for HTML, an ampersand in a button for a shortcut, and "[*]" in a title for the
mark of a modified document.
"""

from typing import Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

# Invisible and of no width: after "<" or "&" it keeps Qt from seeing a tag or an entity.
_WORD_JOINER: Final = "\N{WORD JOINER}"


class PlainLabel(QLabel):
    """Label that shows its text verbatim."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


class MarkupLabel(QLabel):
    """Label of our own HTML, into which foreign text is inserted escaped."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)


class PlainMessageBox(QMessageBox):
    """Message box that shows its texts verbatim."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)


class _Tipped(Protocol):
    def setToolTip(self, text: str, /) -> None: ...


def set_tooltip(widget: _Tipped, text: str) -> None:
    widget.setToolTip(tooltip_text(text))


def tooltip_text(text: str) -> str:
    """Escape the text of a tooltip: Qt guesses its format, with no way to set it."""
    return text.replace("<", f"<{_WORD_JOINER}").replace("&", f"&{_WORD_JOINER}")


def button_text(text: str) -> str:
    """Escape the text of a button, a tab or a menu."""
    return text.replace("&", "&&")


def title_text(text: str) -> str:
    """Escape the title of a window."""
    return text.replace("[*]", "[*][*]")

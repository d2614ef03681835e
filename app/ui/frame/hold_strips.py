"""Holds on a number's messages, one strip per hold, with its end."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.icons import pixmap
from app.ui.palette import Tone
from app.ui.shown_text import PlainLabel
from app.ui.theme import Theme

_ICON = 18


class HoldStrips(QWidget):
    """Column of strips, hidden while there is no hold."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._strips: list[_Strip] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)

    @property
    def texts(self) -> list[str]:
        return [strip.words.text() for strip in self._strips if not strip.isHidden()]

    def show_holds(self, texts: Sequence[str]) -> None:
        while len(self._strips) < len(texts):
            self._strips.append(_Strip())
            self._layout.addWidget(self._strips[-1])
        colour = self._theme.colours_of(Tone.WAIT).foreground
        icon = pixmap("hourglass", colour, _ICON, self.devicePixelRatioF())
        for at, strip in enumerate(self._strips):
            strip.icon.setPixmap(icon)
            strip.words.setText(texts[at] if at < len(texts) else "")
            strip.setVisible(at < len(texts))
        self.setVisible(bool(texts))


class _Strip(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "strip")
        self.icon, self.words = PlainLabel(), PlainLabel()
        self.words.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.words, 1)

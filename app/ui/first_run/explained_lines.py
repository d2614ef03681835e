"""Explanations with a picture to the left of each."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.icons import pixmap
from app.ui.palette import Tone
from app.ui.shown_text import PlainLabel
from app.ui.theme import Theme
from app.ui.wrapped_label import WrappedLabel

_TILE = 48


class ExplainedLines(QWidget):
    """Rows of an icon's name, a heading and its explanation."""

    def __init__(self, theme: Theme, lines: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self._theme = theme
        self._pictures = [(PlainLabel(), icon) for icon, _, _ in lines]
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(16)
        layout.setVerticalSpacing(0)
        layout.setColumnStretch(1, 1)
        for row, ((picture, _), (_, heading, words)) in enumerate(zip(self._pictures, lines, strict=True)):
            picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(picture, 3 * row, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
            layout.addWidget(WrappedLabel(heading, "strong"), 3 * row, 1)
            layout.addWidget(WrappedLabel(words, "muted"), 3 * row + 1, 1)
            if row < len(lines) - 1:
                layout.setRowMinimumHeight(3 * row + 2, 16)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def _apply_theme(self) -> None:
        colours = self._theme.colours_of(Tone.GOING)
        for label, name in self._pictures:
            label.setFixedSize(_TILE, _TILE)
            label.setPixmap(pixmap(name, colours.foreground, 26, self.devicePixelRatioF()))
            label.setStyleSheet(f"background: {colours.background}; border-radius: 8px;")

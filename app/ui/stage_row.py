"""Row of stages: done with a tick, current highlighted, later grey."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.icons import pixmap
from app.ui.palette import Tone
from app.ui.shown_text import PlainLabel
from app.ui.theme import Theme

_NONE = -1


class StageRow(QWidget):
    """Progress through named stages; the last one counts as done once it is reached."""

    def __init__(self, theme: Theme, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self.names = theme, tuple(names)
        self.reached = _NONE
        self._icons = [PlainLabel() for _ in names]
        self._words = [PlainLabel(name) for name in names]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for at, (icon, word) in enumerate(zip(self._icons, self._words, strict=True)):
            if at:
                layout.addSpacing(8)
            layout.addWidget(icon)
            layout.addWidget(word)
        layout.addStretch(1)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def reach(self, at: int) -> None:
        """Highlight the stage with this index; a negative one is before them all."""
        self.reached = at
        self._apply_theme()

    def _apply_theme(self) -> None:
        palette, last = self._theme.palette, len(self.names) - 1
        for at, (icon, word) in enumerate(zip(self._icons, self._words, strict=True)):
            if at < self.reached or self.reached == last:
                name, colour, weight = "circle-check", self._theme.colours_of(Tone.GOOD).foreground, 500
            elif at == self.reached:
                name, colour, weight = "circle-dot", palette.accent, 600
            else:
                name, colour, weight = "circle", palette.muted, 400
            icon.setPixmap(pixmap(name, colour, 20, self.devicePixelRatioF()))
            word.setStyleSheet(f"color: {colour}; font-weight: {weight};")

"""Progress of a pairing, as a row of stages."""

from enum import IntEnum

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.icons import pixmap
from app.ui.palette import Tone
from app.ui.shown_text import PlainLabel
from app.ui.theme import Theme


class Stage(IntEnum):
    """Stages of a pairing, in order."""

    WAITING = 0
    SCANNED = 1
    CONNECTING = 2
    READY = 3


class PairingProgress(QWidget):
    """Row of stages: done with a tick, current highlighted, later grey."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.stage = Stage.WAITING
        self._icons = [PlainLabel() for _ in Stage]
        self._words = [PlainLabel(word) for word in self._names()]
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
        self.reach(Stage.WAITING)

    def reach(self, stage: Stage) -> None:
        self.stage = stage
        self.setAccessibleName(self.tr("Andamento: {stage}").format(stage=self._names()[stage]))
        self._apply_theme()

    def _names(self) -> tuple[str, str, str, str]:
        return self.tr("Esperando o celular"), self.tr("Lido"), self.tr("Conectando"), self.tr("Pronto")

    def _apply_theme(self) -> None:
        palette = self._theme.palette
        for at, (icon, word) in enumerate(zip(self._icons, self._words, strict=True)):
            if at < self.stage or self.stage is Stage.READY:
                name, colour, weight = "circle-check", self._theme.colours_of(Tone.GOOD).foreground, 500
            elif at == self.stage:
                name, colour, weight = "circle-dot", palette.accent, 600
            else:
                name, colour, weight = "circle", palette.muted, 400
            icon.setPixmap(pixmap(name, colour, 20, self.devicePixelRatioF()))
            word.setStyleSheet(f"color: {colour}; font-weight: {weight};")

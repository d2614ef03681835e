"""Slider for the tempo of a training's rush."""

from datetime import timedelta
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from app.ports.training import Tempo, TrainingWorld
from app.ui.shown_text import PlainLabel, set_tooltip

_TEMPOS: Final = (
    Tempo(between_orders=timedelta(seconds=12), stage=timedelta(seconds=30)),
    Tempo(between_orders=timedelta(seconds=5), stage=timedelta(seconds=12)),
    Tempo(between_orders=timedelta(seconds=2), stage=timedelta(seconds=5)),
    Tempo(),
)
_AT_FIRST: Final = 2


class TempoSlider(QWidget):
    """Slider from a calm afternoon to full speed."""

    def __init__(self, world: TrainingWorld, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._world = world
        self.setMinimumHeight(48)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(_TEMPOS) - 1)
        self.slider.setPageStep(1)
        self.slider.setMinimumHeight(36)
        self.slider.setAccessibleName(self.tr("Movimento da loja"))
        set_tooltip(self.slider, self.slider.accessibleName())
        self.slider.valueChanged.connect(self._set)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.setSpacing(8)
        for part in (PlainLabel(self.tr("Calmo")), self.slider, PlainLabel(self.tr("Corrido"))):
            part.setProperty("role", "small")
            layout.addWidget(part)
        layout.setStretch(1, 1)
        self.slider.setValue(_AT_FIRST)

    def _set(self, value: int) -> None:
        self._world.set_tempo(_TEMPOS[value])

"""Quick answers: shipped texts that a chip puts into the answer field."""

import json
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app import paths
from app.ui.flow_layout import FlowLayout
from app.ui.shown_text import button_text


@cache
def quick_answers() -> Sequence[str]:
    return tuple(json.loads(paths.quick_answers().read_text("utf-8")))


class QuickAnswers(QWidget):
    """Chips of the quick answers; a click chooses the text and does not send it."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Respostas prontas"))
        layout = FlowLayout(self)
        self.chips = [self._chip(text) for text in quick_answers()]
        for chip in self.chips:
            layout.addWidget(chip)

    def _chip(self, text: str) -> QPushButton:
        chip = QPushButton(button_text(text.rstrip(".!")))
        chip.setProperty("role", "quick")
        chip.setAccessibleName(self.tr("Resposta pronta: {text}").format(text=text))
        chip.clicked.connect(lambda: self.chosen.emit(text))
        return chip

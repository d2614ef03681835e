"""Banner that marks a training, so that it is not taken for the shop."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.icons import pixmap
from app.ui.shown_text import PlainLabel


class TrainingBand(QFrame):
    def __init__(self, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("band")
        self.setFixedHeight(32)
        icon, words = PlainLabel(), PlainLabel(self.tr("TREINAMENTO: nada é enviado a clientes"))
        icon.setPixmap(pixmap("graduation-cap", colour, 20, self.devicePixelRatioF()))
        self.setAccessibleName(words.text())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(8)
        layout.addStretch(1)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(words)
        layout.addStretch(1)

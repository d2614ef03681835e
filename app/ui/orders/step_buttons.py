"""Buttons for the next steps of the selected order."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.notification import State
from app.domain.untold import UntoldStep
from app.services.orders.board_row import BoardRow, Step
from app.ui.orders.order_text import step_word
from app.ui.shown_text import set_tooltip


class StepButtons(QWidget):
    """Buttons: the next step as on the order's row, and one that advances in spite of a failure."""

    step_requested = Signal()
    advance_requested = Signal()
    doubt_settled = Signal(bool)
    """Carries True if the message has arrived, False to send it again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step, self.advance = QPushButton(), QPushButton()
        self.arrived, self.again = QPushButton(self.tr("Já chegou")), QPushButton(self.tr("Enviar de novo"))
        set_tooltip(self.arrived, self.tr("O cliente recebeu a mensagem: não enviar outra vez"))
        set_tooltip(self.again, self.tr("Enviar a mesma mensagem outra vez"))
        self.step.setProperty("role", "primary")
        self.step.clicked.connect(self.step_requested)
        self.advance.clicked.connect(self.advance_requested)
        self.arrived.clicked.connect(self._say_arrived)
        self.again.clicked.connect(self._say_again)
        doubt = QHBoxLayout()
        doubt.setSpacing(8)
        doubt.addWidget(self.arrived, 1)
        doubt.addWidget(self.again, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(8)
        layout.addLayout(doubt)
        layout.addWidget(self.step)
        layout.addWidget(self.advance)

    def show_for(self, row: BoardRow) -> None:
        doubtful = row.present is not None and row.present.state is State.IN_DOUBT
        for button in (self.arrived, self.again):
            button.setVisible(doubtful)
        self._name(self.step, row.next_step)
        self._name(self.advance, row.advance if row.untold else None)

    def _name(self, button: QPushButton, step: Step | UntoldStep | None) -> None:
        key = " (T)" if step is UntoldStep.TRY_AGAIN else ""
        button.setText(step_word(step) + key if step else "")
        button.setVisible(step is not None)

    def _say_arrived(self) -> None:
        self.doubt_settled.emit(True)

    def _say_again(self) -> None:
        self.doubt_settled.emit(False)

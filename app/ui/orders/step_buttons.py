"""Buttons of the selected order: its step, the second one, and the further acts with their keys."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.notification import State
from app.domain.phone import Phone
from app.domain.untold import UntoldReason, UntoldStep
from app.services.orders.board_row import BoardRow, Step
from app.ui.orders.order_act import OrderAct
from app.ui.orders.order_menu import OrderMenu
from app.ui.orders.order_text import step_word
from app.ui.shown_text import PlainLabel, set_tooltip
from app.ui.theme import Theme

_HAND_OVER_FROM = {State.PENDING, State.IN_DOUBT, State.FAILED, State.SUPPRESSED, State.CANCELLED}


class DoubtFrame(QFrame):
    """Question whether a doubtful message arrived; it takes the focus itself, so that a second Enter decides nothing.

    Tab and the arrow keys go on to its two buttons.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "decide")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        question = PlainLabel(self.tr("O cliente recebeu o aviso?"))
        self.setAccessibleName(question.text())
        question.setProperty("role", "strong")
        self.arrived, self.again = (
            QPushButton(self.tr("O cliente recebeu")),
            QPushButton(self.tr("Enviar de novo")),
        )
        set_tooltip(self.arrived, self.tr("O cliente recebeu a mensagem: não enviar outra vez"))
        set_tooltip(self.again, self.tr("Enviar a mesma mensagem outra vez"))
        self._answers = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._answers.setSpacing(8)
        self._answers.addWidget(self.arrived, 1)
        self._answers.addWidget(self.again, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(question)
        layout.addLayout(self._answers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the answers one below the other where they would be clipped side by side."""
        super().resizeEvent(event)
        wanted = [button.sizeHint().width() for button in (self.arrived, self.again)]
        beside = sum(wanted) + 24 <= event.size().width()
        for at, width in enumerate(wanted):
            self._answers.setStretch(at, width)
        flow = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._answers.setDirection(flow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Up:
                self.arrived.setFocus()
            case Qt.Key.Key_Right | Qt.Key.Key_Down:
                self.again.setFocus()
            case _:
                super().keyPressEvent(event)


class StepButtons(QWidget):
    """Buttons for the order's step, the second step of an untold order, and the acts that every order has."""

    step_requested = Signal()
    advance_requested = Signal()
    doubt_settled = Signal(bool)
    """Carries True if the message has arrived, False to send it again."""
    second_requested = Signal(object)
    """Carries the UntoldStep."""
    act_requested = Signal(object)
    """Carries an OrderAct."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._second: UntoldStep | None = None
        self.doubt = DoubtFrame()
        self.arrived, self.again = self.doubt.arrived, self.doubt.again
        self.step, self.second, self.advance = QPushButton(), QPushButton(), QPushButton()
        self.told = QPushButton(self.tr("Já avisei (J)"))
        self.write, self.by_hand = QPushButton(self.tr("Mensagem (M)")), QPushButton(self.tr("À mão (A)"))
        self.menu = OrderMenu(theme)
        self.step.setProperty("role", "primary")
        for button in (self.write, self.by_hand):
            button.setProperty("role", "act")
        set_tooltip(self.told, self.tr("O cliente foi avisado por uma pessoa: nada mais é enviado"))
        set_tooltip(self.write, self.tr("Escrever uma mensagem ao cliente"))
        set_tooltip(self.by_hand, self.tr("Copiar o texto e abrir o WhatsApp com ele: enviada manualmente"))
        self._connect()
        self._build_layout()

    def show_for(self, row: BoardRow, *, opted_out: bool) -> None:
        doubtful = row.untold_reason is UntoldReason.IN_DOUBT
        self.doubt.setVisible(doubtful)
        self._name(self.step, None if doubtful else row.next_step)
        self._second = None if row.second_step is UntoldStep.ALREADY_TOLD else row.second_step
        self._name(self.second, self._second)
        self.told.setVisible(row.untold)
        self._name(self.advance, row.advance if row.untold else None)
        reachable = not opted_out and row.address is not None
        self.write.setVisible(reachable and not row.finished)
        self.by_hand.setVisible(reachable and self._can_hand_over(row))
        self.menu.show_for(row, opted_out=opted_out)

    def focus_decision(self) -> None:
        """Move the focus to the question about a doubtful message, to none of its answers."""
        if not self.doubt.isHidden():
            self.doubt.setFocus()

    @staticmethod
    def _can_hand_over(row: BoardRow) -> bool:
        offered = UntoldStep.HAND_OVER in (row.next_step, row.second_step)
        has_number, present = isinstance(row.address, Phone), row.present
        return has_number and not offered and present is not None and present.state in _HAND_OVER_FROM

    def _name(self, button: QPushButton, step: Step | UntoldStep | None) -> None:
        button.setText(self._word(step, is_second=button is self.second) if step else "")
        button.setVisible(step is not None)

    def _word(self, step: Step | UntoldStep, *, is_second: bool) -> str:
        """Return the step's words with its key; short ones beside another button."""
        match step:
            case UntoldStep.TRY_AGAIN:
                return self.tr("Tentar (T)") if is_second else self.tr("Tentar de novo (T)")
            case UntoldStep.HAND_OVER:
                return self.tr("À mão (A)") if is_second else self.tr("Avisar à mão (A)")
            case UntoldStep.CORRECT_PHONE:
                return self.tr("Corrigir (E)") if is_second else self.tr("Corrigir telefone (E)")
            case UntoldStep.ANSWER:
                return self.tr("Responder (R)")
            case UntoldStep.ALREADY_TOLD:
                return self.tr("Já avisei (J)")
            case UntoldStep.CALL if not is_second:
                return self.tr("Chamar o cliente")
            case _:
                return step_word(step)

    def _connect(self) -> None:
        self.step.clicked.connect(self.step_requested)
        self.advance.clicked.connect(self.advance_requested)
        self.arrived.clicked.connect(lambda: self.doubt_settled.emit(True))
        self.again.clicked.connect(lambda: self.doubt_settled.emit(False))
        self.second.clicked.connect(self._take_second)
        acts = (
            (self.told, OrderAct.ALREADY_TOLD),
            (self.write, OrderAct.MESSAGE),
            (self.by_hand, OrderAct.HAND_OVER),
        )
        for button, act in acts:
            button.clicked.connect(lambda _=False, act=act: self.act_requested.emit(act))

    def _take_second(self) -> None:
        if self._second:
            self.second_requested.emit(self._second)

    def _build_layout(self) -> None:
        beside, acts = QHBoxLayout(), QHBoxLayout()
        beside.setSpacing(8)
        beside.addWidget(self.second, 1)
        beside.addWidget(self.told, 1)
        acts.setSpacing(2)
        acts.addWidget(self.write)
        acts.addWidget(self.by_hand)
        acts.addStretch(1)
        acts.addWidget(self.menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(8)
        for part in (self.doubt, self.step):
            layout.addWidget(part)
        layout.addLayout(beside)
        layout.addWidget(self.advance)
        layout.addLayout(acts)

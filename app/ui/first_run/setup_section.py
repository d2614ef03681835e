"""Ajustes › Primeiros passos: state of the setup steps, and the way back to those that are left."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.events import Event, SetupProgressChanged
from app.domain.first_run import SETUP_STEPS
from app.ui.first_run.step_list import StepList
from app.ui.first_run.step_page import card_of
from app.ui.page_context import PageContext
from app.ui.wrapped_label import WrappedLabel

_WIDEST = 860


class SetupSection(QWidget):
    """Lists the steps; `resume_requested` asks for the wizard."""

    resume_requested = Signal()

    def __init__(self, context: PageContext, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first_run = context.core.setup.first_run
        self.state = WrappedLabel(role="strong")
        self.steps = StepList(context.theme, self._first_run, SETUP_STEPS)
        self.resume, buttons = QPushButton(self.tr("Retomar…")), QHBoxLayout()
        self.resume.setProperty("role", "primary")
        self.resume.clicked.connect(self.resume_requested)
        row = QWidget()
        row.setLayout(buttons)
        buttons.setContentsMargins(0, 8, 0, 0)
        buttons.addWidget(self.resume)
        buttons.addStretch(1)
        card = card_of(self.state, self.steps, row)
        card.setMaximumWidth(_WIDEST)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(16)
        layout.addWidget(WrappedLabel(title, "title"))
        layout.addWidget(card)
        layout.addStretch(1)
        context.bridge.event_arrived.connect(self._follow)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the present state; a number, a PIN or a phrase may have come by another way."""
        left = len(self._first_run.left)
        self.steps.refresh()
        self.resume.setVisible(left > 0)
        if left == 0:
            self.state.setText(self.tr("Tudo feito."))
        elif left == 1:
            self.state.setText(self.tr("Falta um passo."))
        else:
            self.state.setText(self.tr("Faltam {count} passos.").format(count=left))

    def _follow(self, event: Event) -> None:
        if isinstance(event, SetupProgressChanged):
            self.refresh()

"""Base of the wizard's pages: heading, content, and the wording of the filled button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.domain.errors import CocoLokoError
from app.ui.fault_label import FaultLabel
from app.ui.page_context import PageContext
from app.ui.wrapped_label import WrappedLabel


class StepPage(QWidget):
    """Page of one step: `act` is called by the filled button, whose text is `action`; empty hides it.

    `finished` is emitted when the step is done, `skipped` when the person leaves it for later on the page itself,
    `number_wanted` when a number has to be connected first.
    """

    finished = Signal()
    skipped = Signal()
    number_wanted = Signal()
    action_changed = Signal()

    def __init__(self, context: PageContext, title: str, words: str) -> None:
        super().__init__()
        self.context = context
        # So that Enter and Esc reach the wizard where no button may have the focus.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.action, self.can_act = self.tr("Continuar"), True
        self.is_open = False
        """Whether it is the current page; work that ends later must not touch it."""
        self.title, self.words = WrappedLabel(title, "title"), WrappedLabel(words, "muted")
        self.fault = FaultLabel(context.sentences)
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(0, 0, 8, 0)
        self.content.setSpacing(16)
        heading = QVBoxLayout()
        heading.setSpacing(4)
        heading.addWidget(self.title)
        heading.addWidget(self.words)
        self.content.addLayout(heading)

    def enter(self) -> None:
        """Show the present state; called each time the page becomes the current one."""

    def leave(self) -> None:
        """End what only this page needs; called before another page becomes the current one."""

    def act(self) -> None:
        """Do the step's act, or finish it."""
        self.finished.emit()

    def takes_enter(self) -> bool:
        """Return whether the focused field has an act of its own on Enter."""
        return False

    def offer(self, action: str, *, enabled: bool = True) -> None:
        """Set the filled button."""
        self.action, self.can_act = action, enabled
        self.action_changed.emit()

    def show_fault(self, error: CocoLokoError) -> bool:
        """Show the error under the content, and allow another try."""
        if not self.is_open:
            return False
        self.offer(self.action)
        return self.fault.show_error(error)


def card_of(*parts: QWidget) -> QFrame:
    """Return a card with these widgets below each other."""
    card = QFrame()
    card.setProperty("role", "card")
    inner = QVBoxLayout(card)
    inner.setContentsMargins(16, 16, 16, 16)
    inner.setSpacing(8)
    for part in parts:
        inner.addWidget(part)
    return card

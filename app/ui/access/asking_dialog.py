"""Dialog that asks for what only one person knows: a PIN, a phrase."""

from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.errors import CocoLokoError
from app.services.text.message_catalog import MessageCatalog
from app.ui.closable_dialog import ClosableDialog
from app.ui.fault_label import FaultLabel
from app.ui.task_runner import TaskRunner
from app.ui.wrapped_label import WrappedLabel

_WIDTH = 380


class AskingDialog(ClosableDialog):
    """Dialog for `open()` with fields above one filled button; `submit` is a subclass's."""

    def __init__(
        self, sentences: MessageCatalog, runner: TaskRunner, title: str, words: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 16, 16, 16)
        self._layout.setSpacing(8)
        self._words = WrappedLabel(words, "muted")
        self._layout.addWidget(WrappedLabel(title, "title"))
        self._layout.addWidget(self._words)
        self.fault = FaultLabel(sentences)
        self.agreed = QPushButton()

    def submit(self) -> None:
        raise NotImplementedError

    def _finish_layout(self, *fields: QLineEdit, action: str) -> None:
        for each in fields:
            if each.parent() is None:
                self._layout.addWidget(each)
            each.textEdited.connect(self.fault.hide)
            each.returnPressed.connect(self.submit)
        self._layout.addWidget(self.fault)
        buttons = QDialogButtonBox()
        self.agreed.setText(action)
        self.agreed.setProperty("role", "primary")
        buttons.addButton(self.agreed, QDialogButtonBox.ButtonRole.ActionRole)
        self._buttons = buttons
        buttons.addButton(self.tr("Cancelar"), QDialogButtonBox.ButtonRole.RejectRole)
        self.agreed.clicked.connect(self.submit)
        buttons.rejected.connect(self.reject)
        self._layout.addWidget(buttons)
        # Once it belongs to the dialog: Enter in a field must never press the button that had the focus last.
        self.agreed.setDefault(True)
        fields[0].setFocus()

    def _refused(self, error: CocoLokoError) -> bool:
        if self.closed:
            return False
        self.agreed.setEnabled(True)
        return self.fault.show_error(error)

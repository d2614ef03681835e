"""Dialogs that ask for the manager's PIN, and for a new one."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from app.domain.errors import CocoLokoError
from app.ui.access.pin_field import PinField
from app.ui.closable_dialog import ClosableDialog
from app.ui.fault_label import FaultLabel
from app.ui.page_context import PageContext
from app.ui.wrapped_label import WrappedLabel

_WIDTH = 380


class AskingDialog(ClosableDialog):
    """Dialog for `open()` with fields above one filled button; `submit` is a subclass's."""

    def __init__(self, context: PageContext, title: str, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 16, 16, 16)
        self._layout.setSpacing(8)
        for text, role in ((title, "title"), (words, "muted")):
            self._layout.addWidget(WrappedLabel(text, role))
        self.fault = FaultLabel(context.sentences)
        self.agreed = QPushButton()

    def submit(self) -> None:
        raise NotImplementedError

    def _finish_layout(self, *fields: PinField, action: str) -> None:
        for each in fields:
            self._layout.addWidget(each)
            each.textEdited.connect(self.fault.hide)
            each.returnPressed.connect(self.submit)
        self._layout.addWidget(self.fault)
        buttons = QDialogButtonBox()
        self.agreed.setText(action)
        self.agreed.setProperty("role", "primary")
        self.agreed.setDefault(True)
        buttons.addButton(self.agreed, QDialogButtonBox.ButtonRole.ActionRole)
        cancel = buttons.addButton(self.tr("Cancelar"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setAutoDefault(False)
        self.agreed.clicked.connect(self.submit)
        buttons.rejected.connect(self.reject)
        self._layout.addWidget(buttons)
        fields[0].setFocus()

    def _refused(self, error: CocoLokoError) -> bool:
        if self.closed:
            return False
        self.agreed.setEnabled(True)
        return self.fault.show_error(error)


class PinDialog(AskingDialog):
    """Asks for the PIN and opens the gate; `then` is called once it is open."""

    def __init__(self, context: PageContext, then: Callable[[], object], parent: QWidget) -> None:
        words = self.tr("Digite o PIN. Sem uso, os ajustes se trancam sozinhos depois de 5 minutos.")
        super().__init__(context, self.tr("Só o gerente"), words, parent)
        self._then = then
        self.pin = PinField(self.tr("PIN do gerente"))
        self._finish_layout(self.pin, action=self.tr("Continuar"))

    def submit(self) -> None:
        if self.agreed.isEnabled():
            self.agreed.setEnabled(False)
            self._context.runner.start(self._unlock(self.pin.text()), self._refused)

    async def _unlock(self, typed: str) -> None:
        await self._context.core.access.unlock(typed)
        if not self.closed:
            self.accept()
            self._then()

    def _refused(self, error: CocoLokoError) -> bool:
        shown = super()._refused(error)
        if shown:
            self.pin.clear()
            self.pin.setFocus()
        return shown

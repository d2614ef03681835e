"""Dialog that asks for the manager's PIN."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from app.domain.errors import CocoLokoError
from app.ui.access.asking_dialog import AskingDialog
from app.ui.access.forgotten_pin_dialog import ForgottenPinDialog
from app.ui.access.pin_field import PinField
from app.ui.page_context import PageContext


class PinDialog(AskingDialog):
    """Asks for the PIN and opens the gate; `then` is called once it is open."""

    def __init__(self, context: PageContext, then: Callable[[], object], parent: QWidget) -> None:
        minutes = context.core.settings.status("AUTO_LOCK_MINUTES").value
        asked = self.tr("Digite o PIN. Sem uso, os ajustes se trancam sozinhos depois de {minutes} min.")
        words = asked.format(minutes=minutes)
        super().__init__(context.sentences, context.runner, self.tr("Só o gerente"), words, parent)
        self._context, self._access = context, context.core.access.gate
        self._then, self._parent = then, parent
        self.pin = PinField(self.tr("PIN do gerente"))
        self._finish_layout(self.pin, action=self.tr("Continuar"))
        self.forgotten = QPushButton(self.tr("Esqueci o PIN…"))
        self.forgotten.clicked.connect(self._show_ways_out)
        self._buttons.addButton(self.forgotten, QDialogButtonBox.ButtonRole.HelpRole)

    def submit(self) -> None:
        if self.agreed.isEnabled():
            self.agreed.setEnabled(False)
            self._runner.start(self._unlock(self.pin.text()), self._refused)

    def _show_ways_out(self) -> None:
        """Give way to the dialog of a forgotten PIN: one dialog at a time is on the screen."""
        self.reject()
        ForgottenPinDialog(self._context, self._then, self._parent).open()

    async def _unlock(self, typed: str) -> None:
        await self._access.unlock(typed, wanted=lambda: not self.closed)
        if not self.closed:
            self.accept()
            self._then()

    def _refused(self, error: CocoLokoError) -> bool:
        shown = super()._refused(error)
        if shown:
            self.pin.clear()
            self.pin.setFocus()
        return shown

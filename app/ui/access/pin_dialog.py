"""Dialog that asks for the manager's PIN."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from app.domain.errors import CocoLokoError
from app.ui.access.asking_dialog import AskingDialog
from app.ui.access.phrase_dialog import PhraseDialog
from app.ui.access.pin_field import PinField
from app.ui.page_context import PageContext


class PinDialog(AskingDialog):
    """Asks for the PIN and opens the gate; `then` is called once it is open."""

    def __init__(self, context: PageContext, then: Callable[[], object], parent: QWidget) -> None:
        minutes = context.core.settings.status("AUTO_LOCK_MINUTES").value
        asked = self.tr("Digite o PIN. Sem uso, os ajustes se trancam sozinhos depois de {minutes} min.")
        words = asked.format(minutes=minutes)
        super().__init__(context.sentences, context.runner, self.tr("Só o gerente"), words, parent)
        self._access, self._recovery = context.core.access.gate, context.core.access.recovery
        self._sentences = context.sentences
        self._then = then
        self.pin = PinField(self.tr("PIN do gerente"))
        self._finish_layout(self.pin, action=self.tr("Continuar"))
        self.forgotten = QPushButton(self.tr("Esqueci o PIN…"))
        self.forgotten.setAutoDefault(False)
        self.forgotten.clicked.connect(self._explain_way_out)
        self._buttons.addButton(self.forgotten, QDialogButtonBox.ButtonRole.HelpRole)

    def submit(self) -> None:
        if self.agreed.isEnabled():
            self.agreed.setEnabled(False)
            self._runner.start(self._unlock(self.pin.text()), self._refused)

    def _explain_way_out(self) -> None:
        """Ask for the recovery phrase; without one, say how the settings begin anew."""
        if not self._recovery.has_phrase:
            self.fault.setText(
                self.tr(
                    "Não há frase de recuperação. Feche o programa e abra-o uma vez com --reset-pin: os números são "
                    "desconectados e os textos voltam aos de fábrica; pedidos e fila ficam."
                )
            )
            self.fault.show()
            return
        PhraseDialog(self._sentences, self._runner, self._recovery.reset_pin, self._act, self).open()

    def _act(self) -> None:
        """Go on without a PIN: the phrase has removed it."""
        self.accept()
        self._then()

    async def _unlock(self, typed: str) -> None:
        await self._access.unlock(typed)
        if not self.closed:
            self.accept()
            self._then()

    def _refused(self, error: CocoLokoError) -> bool:
        shown = super()._refused(error)
        if shown:
            self.pin.clear()
            self.pin.setFocus()
        return shown

"""Dialog that sets or changes the manager's PIN."""

from PySide6.QtWidgets import QWidget

from app.domain.access import canonical_pin
from app.domain.errors import BadPinError
from app.ui.access.asking_dialog import AskingDialog
from app.ui.access.pin_field import PinField
from app.ui.page_context import PageContext


class NewPinDialog(AskingDialog):
    """Asks for the new PIN twice; a difference is said here, everything else by the domain."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        words = self.tr(
            "De 4 a 12 dígitos. Com ele, só o gerente conecta e desconecta números e muda os ajustes; "
            "avisar clientes continua livre. Guarde-o bem: se for esquecido, os números têm de ser "
            "conectados de novo e os textos voltam aos de fábrica."
        )
        super().__init__(context.sentences, context.runner, self.tr("PIN do gerente"), words, parent)
        self._access = context.core.access.gate
        self.pin, self.again = PinField(self.tr("PIN novo")), PinField(self.tr("PIN novo, de novo"))
        self.pin.setPlaceholderText(self.tr("PIN novo"))
        self.again.setPlaceholderText(self.tr("De novo"))
        self._finish_layout(self.pin, self.again, action=self.tr("Salvar PIN"))

    def submit(self) -> None:
        if not self.agreed.isEnabled():
            return
        try:
            same = canonical_pin(self.pin.text()) == canonical_pin(self.again.text() or self.pin.text())
        except BadPinError as error:
            self.fault.show_error(error)
            return
        if not self.again.text():
            self.again.setFocus()
        elif not same:
            self.fault.setText(self.tr("Os dois PINs são diferentes. Digite os dois de novo."))
            self.fault.show()
        else:
            self.agreed.setEnabled(False)
            self._runner.start(self._save(self.pin.text()), self._refused)

    async def _save(self, typed: str) -> None:
        await self._access.set_pin(typed)
        if not self.closed:
            self.accept()

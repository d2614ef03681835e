"""Dialog that sets or changes the manager's PIN."""

from PySide6.QtWidgets import QWidget

from app.ui.access.asking_dialog import AskingDialog
from app.ui.access.new_pin_form import NewPinForm
from app.ui.page_context import PageContext


class NewPinDialog(AskingDialog):
    """Form of a new PIN over the page that asks for it."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        words = self.tr(
            "De 4 a 12 dígitos. Com ele, só o gerente conecta e desconecta números e muda os ajustes; "
            "avisar clientes continua livre. Um PIN esquecido sai com um código no celular da loja ou com "
            "a frase de recuperação."
        )
        super().__init__(context.sentences, context.runner, self.tr("PIN do gerente"), words, parent)
        self._form = NewPinForm(context, self.fault)
        self.pin, self.again = self._form.pin, self._form.again
        self._layout.addWidget(self._form)
        self._finish_layout(self.pin, self.again, action=self.tr("Salvar PIN"))

    def submit(self) -> None:
        if self.agreed.isEnabled() and self._form.is_complete():
            self.agreed.setEnabled(False)
            self._runner.start(self._save(), self._refused)

    async def _save(self) -> None:
        await self._form.save()
        if not self.closed:
            self.accept()

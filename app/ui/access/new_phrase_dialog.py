"""Dialog that shows a new recovery phrase once, and asks three of its words back."""

from PySide6.QtWidgets import QWidget

from app.services.access.recovery import PhraseDraft
from app.ui.access.asking_dialog import AskingDialog
from app.ui.access.new_phrase_form import NewPhraseForm
from app.ui.page_context import PageContext


class NewPhraseDialog(AskingDialog):
    """Form of a new phrase over the page that asks for it."""

    def __init__(self, context: PageContext, draft: PhraseDraft, parent: QWidget) -> None:
        words = self.tr(
            "Escreva as 12 palavras num papel e guarde-o fora da loja. Com elas, os dados abrem em outro "
            "computador, e um PIN esquecido se resolve. Elas não aparecem de novo."
        )
        title = self.tr("Frase de recuperação")
        super().__init__(context.sentences, context.runner, title, words, parent)
        self.setMinimumWidth(560)
        self._form = NewPhraseForm(context, draft)
        self.fields = self._form.fields
        self._layout.addWidget(self._form)
        self._finish_layout(*self.fields.values(), action=self.tr("Já escrevi"))
        self.agreed.setFocus()

    def submit(self) -> None:
        if self._form.shows_words:
            self._ask_back()
        elif self.agreed.isEnabled() and self._form.is_complete():
            self.agreed.setEnabled(False)
            self._runner.start(self._keep(), self._refused)

    def _ask_back(self) -> None:
        self._words.setText(self.tr("Confira o papel: digite de novo estas três palavras."))
        self.agreed.setText(self.tr("Guardar a frase"))
        self._form.ask_back()
        self.adjustSize()

    async def _keep(self) -> None:
        await self._form.keep()
        if not self.closed:
            self.accept()

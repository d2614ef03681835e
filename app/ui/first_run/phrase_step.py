"""Fifth step: the recovery phrase, shown once and asked back."""

from app.ui.access.manager_request import as_manager
from app.ui.access.new_phrase_form import NewPhraseForm
from app.ui.first_run.step_page import StepPage, card_of
from app.ui.page_context import PageContext
from app.ui.wrapped_label import WrappedLabel

_FORM_WIDTH = 560


class PhraseStep(StepPage):
    """Makes a phrase where there is none; a draft that is left opens nothing."""

    def __init__(self, context: PageContext) -> None:
        words = self.tr(
            "Se este computador quebrar, uma cópia dos dados só abre em outro com a frase. "
            "Ela também resolve um PIN esquecido."
        )
        super().__init__(context, self.tr("Frase de recuperação"), words)
        self._recovery = context.core.access.recovery
        self.form: NewPhraseForm | None = None
        self.hint = WrappedLabel()
        self._card = card_of(self.hint, self.fault)
        self._exists = WrappedLabel(
            self.tr("A frase de recuperação já existe. Guarde o papel fora da loja."), "good"
        )
        self.content.addWidget(self._card)
        self.content.addWidget(self._exists)
        self.content.addStretch(1)

    def enter(self) -> None:
        exists = self._recovery.has_phrase
        self._card.setHidden(exists)
        self._exists.setVisible(exists)
        self.fault.hide()
        self.hint.setText(self.tr("São 12 palavras. Tenha papel e caneta à mão: elas aparecem uma vez só."))
        self.offer(self.tr("Continuar") if exists else self.tr("Mostrar as 12 palavras"))

    def leave(self) -> None:
        self._drop_form()

    def act(self) -> None:
        self.fault.hide()
        if self._recovery.has_phrase:
            self.finished.emit()
        elif self.form is None:
            as_manager(self.context, self, self._draft)
        elif self.form.shows_words:
            self.hint.setText(self.tr("Confira o papel: digite de novo estas três palavras."))
            self.form.ask_back()
            self.offer(self.tr("Guardar a frase"))
        elif self.form.is_complete():
            self.offer(self.action, enabled=False)
            self.context.runner.start(self._keep(self.form), self.show_fault)

    def _draft(self) -> None:
        self.offer(self.action, enabled=False)
        self.context.runner.start(self._show_draft(), self.show_fault)

    async def _show_draft(self) -> None:
        draft = await self._recovery.draft_phrase()
        if self.form or not self.is_open:
            return
        self.form = NewPhraseForm(self.context, draft)
        self.form.setMaximumWidth(_FORM_WIDTH)
        for field in self.form.fields.values():
            field.textEdited.connect(self.fault.hide)
        layout = self._card.layout()
        if layout:
            layout.addWidget(self.form)
            # The layout would show it one turn of the event loop later, and a key may come first.
            self.form.show()
            layout.addWidget(self.fault)
        self.hint.setText(
            self.tr("Escreva num papel e guarde-o fora da loja. As palavras não aparecem de novo.")
        )
        self.offer(self.tr("Já escrevi"))

    async def _keep(self, form: NewPhraseForm) -> None:
        await form.keep()
        if self.is_open:
            self._drop_form()
            self.finished.emit()

    def _drop_form(self) -> None:
        if self.form:
            self.form.hide()
            self.form.deleteLater()
        self.form = None

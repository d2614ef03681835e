"""Fourth step: the manager's PIN."""

from app.ui.access.new_pin_form import NewPinForm
from app.ui.first_run.step_page import StepPage, card_of
from app.ui.page_context import PageContext
from app.ui.wrapped_label import WrappedLabel

_FIELD_WIDTH = 360


class PinStep(StepPage):
    """Sets a PIN where there is none; the settings change it later."""

    def __init__(self, context: PageContext) -> None:
        words = self.tr(
            "Com um PIN, só o gerente conecta e desconecta números e muda os ajustes. "
            "Avisar e responder clientes continua livre para todos."
        )
        super().__init__(context, self.tr("PIN do gerente"), words)
        self._gate = context.core.access.gate
        self.form = NewPinForm(context, self.fault)
        self.form.setMaximumWidth(_FIELD_WIDTH)
        rule = WrappedLabel(self.tr("De 4 a 12 dígitos, digitados duas vezes."), "muted")
        self._asked = card_of(rule, self.form, self.fault)
        self._exists = WrappedLabel(self.tr("O PIN do gerente já existe."), "good")
        self.content.addWidget(self._asked)
        self.content.addWidget(self._exists)
        self.content.addStretch(1)
        for field in (self.form.pin, self.form.again):
            field.textEdited.connect(self.fault.hide)

    def enter(self) -> None:
        exists = self._gate.has_pin
        self._asked.setHidden(exists)
        self._exists.setVisible(exists)
        self.fault.hide()
        self.offer(self.tr("Continuar") if exists else self.tr("Salvar PIN"))
        if not exists:
            self.form.pin.setFocus()

    def act(self) -> None:
        if self._gate.has_pin:
            self.finished.emit()
        elif self.form.is_complete():
            self.offer(self.action, enabled=False)
            self.context.runner.start(self._save(), self.show_fault)

    async def _save(self) -> None:
        typed = self.form.pin.text()
        await self.form.save()
        # The person who chose it is the manager, and the next step asks for the manager.
        await self._gate.unlock(typed)
        if self.is_open:
            self.form.pin.clear()
            self.form.again.clear()
            self.finished.emit()

"""Dialog that asks why a customer who opted out is told of orders again."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.lid import Address
from app.ui.access.asking_dialog import AskingDialog
from app.ui.page_context import PageContext

_LONGEST = 200


class LiftOptOutDialog(AskingDialog):
    """Undoes the opt-out with the reason that was typed; `then` is called after it."""

    def __init__(
        self, context: PageContext, customer: Address, name: str, then: Callable[[], object], parent: QWidget
    ) -> None:
        words = self.tr(
            "{name} pediu para parar. Volte a avisar só se o próprio cliente pediu. O motivo fica guardado."
        )
        title = self.tr("Voltar a avisar")
        super().__init__(context.sentences, context.runner, title, words.format(name=name), parent)
        self._opt_outs, self._customer, self._then = context.core.opt_outs, customer, then
        self.reason = QLineEdit()
        self.reason.setMaxLength(_LONGEST)
        self.reason.setMinimumHeight(36)
        self.reason.setPlaceholderText(self.tr("Motivo, por exemplo: pediu no balcão"))
        self.reason.setAccessibleName(self.tr("Motivo para voltar a avisar"))
        self._finish_layout(self.reason, action=self.tr("Voltar a avisar"))

    def submit(self) -> None:
        if self.agreed.isEnabled():
            self.agreed.setEnabled(False)
            self._runner.start(self._lift(self.reason.text()), self._refused)

    async def _lift(self, reason: str) -> None:
        await self._opt_outs.undo_for_customer(self._customer, reason)
        self._then()
        if not self.closed:
            self.accept()

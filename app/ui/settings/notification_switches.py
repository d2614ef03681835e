"""Switches of the notifications that customers receive, one for each type."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.domain.errors import CocoLokoError, TemplateInactiveError
from app.domain.order import STAGES, NotificationType
from app.ui.access.manager_request import as_manager
from app.ui.fault_label import FaultLabel
from app.ui.page_context import PageContext


class NotificationSwitches(QWidget):
    """Switches that act at once; a type whose template is inactive is not sent."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._templates = context, context.core.templates
        self.fault = FaultLabel(context.sentences)
        names = (self.tr("Pagamento confirmado"), self.tr("Em preparo"), self.tr("Pronto para buscar"))
        self.switches = {kind: QCheckBox(name) for kind, name in zip(STAGES, names, strict=True)}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for kind, switch in self.switches.items():
            layout.addWidget(switch)
            switch.clicked.connect(partial(self._switch, kind))
        layout.addWidget(self.fault)
        self.refresh()

    def refresh(self) -> None:
        for kind, switch in self.switches.items():
            switch.setChecked(self._is_active(kind))

    def _is_active(self, kind: NotificationType) -> bool:
        try:
            return self._templates.stored_template(kind).is_active
        except TemplateInactiveError:
            return False

    def _switch(self, kind: NotificationType) -> None:
        on = self.switches[kind].isChecked()
        self.fault.hide()
        # Until it is switched: the person may not be the manager, or give up at the PIN.
        self.refresh()
        as_manager(
            self._context, self, lambda: self._context.runner.start(self._update(kind, on=on), self._refused)
        )

    async def _update(self, kind: NotificationType, *, on: bool) -> None:
        await self._templates.update_template(replace(self._templates.stored_template(kind), is_active=on))
        self.refresh()

    def _refused(self, error: CocoLokoError) -> bool:
        self.refresh()
        return self.fault.show_error(error)

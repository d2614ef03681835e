"""Ajustes › Pedidos: which notifications customers receive, and how long each is worth sending."""

from PySide6.QtWidgets import QCheckBox, QWidget

from app.domain.errors import CocoLokoError
from app.ui.access.manager_request import as_manager
from app.ui.fault_label import FaultLabel
from app.ui.page_context import PageContext
from app.ui.settings.form_section import ruled, setting_rows
from app.ui.settings.notification_switches import NotificationSwitches
from app.ui.settings.section_page import SectionPage
from app.ui.wrapped_label import WrappedLabel


class OrdersSection(SectionPage):
    """Switches of the notifications and of the pickup offer, with the line that customers read (K9)."""

    def __init__(self, context: PageContext, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._context, self._pickup = context, context.core.templates.pickup_offer
        self.notifications = NotificationSwitches(context)
        self.rows = setting_rows(context, ("TIME_TO_LIVE_MINUTES", "UNDO_SECONDS", "IN_DOUBT"))
        self.offer = QCheckBox(self.tr("Oferecer resposta no aviso de pronto"))
        self.fault = FaultLabel(context.sentences)
        # As the customer's phone shows it, without the marks of bold words.
        self.line = WrappedLabel(f"“{self._pickup.line.replace('*', '')}”", "strong")
        events = self.tr("O cliente é avisado nestes momentos; nos outros, nada sai:")
        self.add_card(
            WrappedLabel(self.tr("Avisos que saem"), "heading"),
            WrappedLabel(events, "muted"),
            self.notifications,
        )
        words = self.tr("O aviso de pronto ganha uma linha no fim; o seu texto continua como está:")
        shows = self.tr(
            "Quem responde 1 aparece como “a caminho” no pedido, quem responde 9 como “não pode agora”. "
            "A resposta continua na conversa como não lida, e o programa não responde sozinho."
        )
        self.add_card(
            self.offer, WrappedLabel(words, "muted"), self.line, WrappedLabel(shows, "muted"), self.fault
        )
        self.add_card(*ruled(self.rows))
        self.offer.clicked.connect(self._switch)
        context.bridge.pickup_offer_switched.connect(self._show)
        self._show()

    def _switch(self, on: bool) -> None:  # noqa: FBT001 - a slot
        self.fault.hide()
        # Until it is switched: the person may not be the manager, or give up at the PIN.
        self._show()
        switch = self._pickup.switch
        as_manager(self._context, self, lambda: self._context.runner.start(switch(on=on), self._refused))

    def _refused(self, error: CocoLokoError) -> bool:
        self._show()
        return self.fault.show_error(error)

    def _show(self) -> None:
        self.offer.setChecked(self._pickup.on)

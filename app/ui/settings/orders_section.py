"""Ajustes › Pedidos: choices about the messages of an order."""

from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout, QWidget

from app.domain.errors import CocoLokoError
from app.ui.access.manager_request import as_manager
from app.ui.fault_label import FaultLabel
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel

_WIDEST = 860


class OrdersSection(QWidget):
    """Switch of the pickup offer, with the line that customers read (K9)."""

    def __init__(self, context: PageContext, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        heading, card = self._label(title, "title"), QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(_WIDEST)
        self.offer = QCheckBox(self.tr("Oferecer resposta no aviso de pronto"))
        self.fault = FaultLabel(context.sentences)
        words = self.tr("O aviso de pronto ganha uma linha no fim; o seu texto continua como está:")
        shows = self.tr(
            "Quem responde 1 aparece como “a caminho” no pedido, quem responde 9 como “não pode agora”. "
            "A resposta continua na conversa como não lida, e o programa não responde sozinho."
        )
        # As the customer's phone shows it, without the marks of bold words.
        self.line = self._label(f"“{context.core.templates.pickup_offer.line.replace('*', '')}”", "strong")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(16, 16, 16, 16)
        inner.setSpacing(8)
        about, result = self._label(words, "muted"), self._label(shows, "muted")
        for widget in (self.offer, about, self.line, result, self.fault):
            inner.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(16)
        layout.addWidget(heading)
        layout.addWidget(card)
        layout.addStretch(1)
        self.offer.clicked.connect(self._switch)
        context.bridge.pickup_offer_switched.connect(self._show)
        self._show()

    def _switch(self, on: bool) -> None:  # noqa: FBT001 - a slot
        self.fault.hide()
        # Until it is switched: the person may not be the manager, or give up at the PIN.
        self._show()
        switch = self._context.core.templates.pickup_offer.switch
        as_manager(self._context, self, lambda: self._context.runner.start(switch(on=on), self._refused))

    def _refused(self, error: CocoLokoError) -> bool:
        self._show()
        return self.fault.show_error(error)

    def _show(self) -> None:
        self.offer.setChecked(self._context.core.templates.pickup_offer.on)

    @staticmethod
    def _label(words: str, role: str) -> PlainLabel:
        label = PlainLabel(words)
        label.setWordWrap(True)
        label.setProperty("role", role)
        return label

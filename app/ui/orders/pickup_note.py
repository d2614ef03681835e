"""Note in the detail pane: the customer's answer to the *pronto* message."""

from PySide6.QtWidgets import QWidget

from app.domain.pickup_reply import PickupChoice, PickupReply
from app.services.text.message_catalog import MessageCatalog
from app.ui.orders.order_text import pickup_sentence
from app.ui.shown_text import PlainLabel


class PickupNote(PlainLabel):
    """Note of a pickup reply, hidden without one; green if the customer is on the way (K9)."""

    def __init__(self, sentences: MessageCatalog, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._sentences = sentences
        self.setWordWrap(True)
        self.hide()

    def show_pickup(self, pickup: PickupReply | None) -> None:
        self.setVisible(pickup is not None)
        if pickup is None:
            return
        self.setText(pickup_sentence(pickup, self._sentences))
        self.setProperty("role", "good" if pickup.choice is PickupChoice.ON_THE_WAY else "note")
        self.style().unpolish(self)
        self.style().polish(self)

"""Sealing what is personal, and naming it without showing it."""

from typing import Protocol

from app.domain.identifiers import MessageId, NotificationId


class Vault(Protocol):
    def seal(self, plain: bytes, context: str) -> bytes:
        """Ciphertext that opens only in the same `context` (for instance `table.column`)."""
        ...

    def open(self, sealed: bytes, context: str) -> bytes:
        """Raises WrongKeyError for a key we do not hold, for tampering and for another context."""
        ...

    def blind_index(self, purpose: str, value: str) -> bytes:
        """16 bytes that find equal values without telling them."""
        ...

    def message_id(self, notification_id: NotificationId) -> MessageId:
        """The WhatsApp message id of a notification: the same whenever it is asked."""
        ...

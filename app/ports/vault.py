"""Port of the vault: sealing of personal data, and blind indexes of it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from app.domain.identifiers import MessageId, NotificationId


class KeyPurpose(StrEnum):
    """Data keys seal and can be rotated; the one index key never changes; the recovery key opens the other two."""

    DATA = "data"
    INDEX = "index"
    RECOVERY = "recovery"


class WrappedFor(StrEnum):
    """Key that opens a wrapped key: this PC's, or the one that the recovery phrase encodes."""

    DEVICE = "device"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """Key as stored in the database; worthless without the key it is wrapped for."""

    key_id: int
    purpose: KeyPurpose
    wrapped_for: WrappedFor
    wrapped: bytes = field(repr=False)


class Vault(Protocol):
    @property
    def sealing(self) -> str:
        """Name of the present format version and data key, shared by all current cells."""
        ...

    def seal(self, plain: bytes, context: str) -> bytes:
        """Return ciphertext that opens only in the same `context`: `table.column`, a zero sign, the row's id."""
        ...

    def open(self, sealed: bytes, context: str, former_context: str | None = None) -> bytes:
        """Return the plain text; raises WrongKeyError for an unknown key, for tampering and for another context.

        `former_context` is the one that the former format version was bound to; without it that version does not open.
        """
        ...

    def is_current(self, sealed: bytes) -> bool:
        """Return whether the present format version and data key sealed it."""
        ...

    def blind_index(self, purpose: str, value: str) -> bytes:
        """Return 16 bytes by which equal values are found without revealing them."""
        ...

    def mac(self, purpose: str, text: str) -> bytes:
        """Return 32 bytes that authenticate a text; unlike an index, the text is not remembered."""
        ...

    def message_id(self, notification_id: NotificationId) -> MessageId:
        """Return the WhatsApp message id of a notification, the same on each call."""
        ...

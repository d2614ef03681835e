"""Sealing what is personal, and naming it without showing it."""

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
    """Whose key opens a wrapped key: this PC's, or the one that the recovery phrase encodes."""

    DEVICE = "device"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A key as the database keeps it; worthless without the key it is wrapped for."""

    key_id: int
    purpose: KeyPurpose
    wrapped_for: WrappedFor
    wrapped: bytes = field(repr=False)


class Vault(Protocol):
    @property
    def sealing(self) -> str:
        """Name of the present format version and data key; all that `is_current` was sealed under it."""
        ...

    def seal(self, plain: bytes, context: str) -> bytes:
        """Ciphertext that opens only in the same `context`: `table.column`, a zero sign, the row's id."""
        ...

    def open(self, sealed: bytes, context: str, former_context: str | None = None) -> bytes:
        """Raises WrongKeyError for a key we do not hold, for tampering and for another context.

        `former_context` is what the former format version was bound to; without it that version does not open.
        """
        ...

    def is_current(self, sealed: bytes) -> bool:
        """Whether the present format version and data key sealed it."""
        ...

    def blind_index(self, purpose: str, value: str) -> bytes:
        """16 bytes that find equal values without telling them."""
        ...

    def message_id(self, notification_id: NotificationId) -> MessageId:
        """The WhatsApp message id of a notification: the same whenever it is asked."""
        ...

"""Inbound messages of customers, and those that wait unread at WhatsApp."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.domain.identifiers import MessageId, SessionId
from app.domain.lid import Address, Lid
from app.domain.phone import Phone

EDIT: Final = "edit"
DELETION: Final = "deletion"
CHANGES: Final = frozenset({EDIT, DELETION, "reaction"})


@dataclass(frozen=True, slots=True)
class Inbound:
    """Inbound message of a customer, or its edit, deletion or reaction.

    `kind` is text, image, video, audio, document, sticker, reaction, edit, deletion, unreadable or other. An edit
    without a text cannot be decrypted here; a reaction without one is taken back.
    """

    session_id: SessionId
    message_id: MessageId
    phone: Phone | None
    kind: str
    text: str | None = field(repr=False)
    at: datetime
    live: bool
    lid: Lid | None = None
    """WhatsApp's account id, if known; without `phone` the only way to the customer's number."""
    jid: str | None = field(default=None, repr=False)
    """Address for an answer, as WhatsApp spells it."""
    about: MessageId | None = None
    """The earlier message that a reaction, an edit or a deletion is about."""
    username: str | None = field(default=None, repr=False)
    """Name that the customer chose to be found by, without the @; other people may take it later."""

    @property
    def changes_another(self) -> bool:
        """Whether it changes an earlier message, and is not one by itself (K9)."""
        return self.about is not None and self.kind in CHANGES


@dataclass(frozen=True, slots=True)
class UnreadMessage:
    """Message of a customer that waited at WhatsApp and is not decrypted yet (X1)."""

    message_id: MessageId
    addresses: tuple[Address, ...] = field(repr=False)
    """Addresses of the writer that are known before: a number, a LID, or both."""

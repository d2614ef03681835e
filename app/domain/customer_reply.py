"""A customer's reply, stored with its order, and the rules of its changes."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from app.domain.identifiers import MessageId, OrderId, SessionId
from app.domain.lid import Address, Lid

TEXT: Final = "text"
REACTION: Final = "reaction"
UNREADABLE: Final = "unreadable"
EDITED_ELSEWHERE: Final = "edited_elsewhere"
"""Edited in a form that only the shop's phone can decrypt; `text` is that of before."""
DELETED: Final = "deleted"
WITHDRAWN: Final = "withdrawn"
"""A reaction that was taken back."""
_GONE: Final = frozenset({DELETED, WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Author:
    """Author of a reply: by number, by LID, or both; `phone` is the LID where the number is hidden."""

    phone: Address
    lid: Lid | None = None


@dataclass(frozen=True, slots=True)
class CustomerReply:
    """Stored reply: `kind` is that of `Inbound`, or one of the above.

    `text` is the message, a caption, or a reaction's sign. `phone` is the LID if WhatsApp hides the number, NO_PHONE if
    both are unknown or the content was erased (X6). `read_at`: when it was read at the counter. `about`: the message
    that a reaction is on. `changed_at`: when the customer last edited, deleted or exchanged it.
    """

    message_id: MessageId
    session_id: SessionId
    phone: Address
    kind: str
    text: str | None = field(repr=False)
    received_at: datetime
    live: bool
    order_id: OrderId | None = None
    read_at: datetime | None = None
    is_erased: bool = False
    about: MessageId | None = None
    changed_at: datetime | None = None

    @property
    def edited(self) -> bool:
        """Whether its text is not the one that it was sent with."""
        return self.changed_at is not None and self.kind not in _GONE | {REACTION}

    @property
    def gone(self) -> bool:
        """Whether its customer has taken it back."""
        return self.kind in _GONE

    def replaces(self, kept: "CustomerReply") -> bool:
        """Return whether this replaces an unreadable copy: the phone may send the same message again, readable."""
        return kept.kind == UNREADABLE and self.kind != UNREADABLE and not kept.is_erased

    def after_edit(self, text: str | None, at: datetime) -> "CustomerReply | None":
        """Return the reply as edited, unread again; None if that changes no field (K9).

        Without a text it was edited in a form that cannot be decrypted here.
        """
        if self.kind == REACTION or self._is_settled(at) or (at == self.changed_at and text == self.text):
            return None
        if text is None:
            return replace(self, kind=EDITED_ELSEWHERE, changed_at=at, read_at=None)
        kind = TEXT if self.kind in {UNREADABLE, EDITED_ELSEWHERE} else self.kind
        return replace(self, kind=kind, text=text, changed_at=at, read_at=None)

    def after_deletion(self, at: datetime) -> "CustomerReply | None":
        """Return the reply without its text, unread again; None if it is gone already."""
        if self.gone or self.is_erased:
            return None
        return replace(self, kind=DELETED, text=None, changed_at=at, read_at=None)

    def after_reaction(self, sign: str | None, at: datetime) -> "CustomerReply | None":
        """Return this reaction exchanged for another, or taken back without a sign; None if unchanged.

        A customer has one reaction on a message; one that is taken back leaves no text to be read.
        """
        if self.is_erased or at < (self.changed_at or self.received_at) or sign == self.text:
            return None
        if sign is None:
            return replace(self, kind=WITHDRAWN, text=None, changed_at=at, read_at=self.read_at or at)
        return replace(self, kind=REACTION, text=sign, changed_at=at, read_at=None)

    def _is_settled(self, at: datetime) -> bool:
        """Return whether an edit of that moment comes too late to count."""
        return self.gone or self.is_erased or (self.changed_at is not None and at < self.changed_at)

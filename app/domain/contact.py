"""Contact history of a customer with one of the shop's numbers."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.identifiers import SessionId


@dataclass(frozen=True, slots=True)
class Contact:
    """First message each way; `session_id` is the number from which this customer is messaged (Q9)."""

    session_id: SessionId
    first_inbound_at: datetime | None = None
    first_sent_at: datetime | None = None

    @property
    def known(self) -> bool:
        return self.first_inbound_at is not None or self.first_sent_at is not None

    def with_inbound(self, session_id: SessionId, at: datetime) -> "Contact":
        """Record a message to `session_id`; before the first contact the customer's choice of number counts."""
        if session_id == self.session_id:
            return replace(self, first_inbound_at=self.first_inbound_at or at)
        return self if self.known else Contact(session_id, first_inbound_at=at)

    def with_sent(self, session_id: SessionId, at: datetime) -> "Contact":
        first = self.first_sent_at is None and session_id == self.session_id
        return replace(self, first_sent_at=at) if first else self


def is_cold(contact: Contact | None, session_id: SessionId) -> bool:
    """Return whether a message from this session would be the first between the two (X2)."""
    return contact is None or contact.session_id != session_id or not contact.known


def merged_contacts(one: Contact, other: Contact) -> Contact:
    """Return the history of two contacts that turn out to be one customer.

    The sender that the customer knows is kept; of two known ones, that of `one`.
    """
    kept, joined = (one, other) if one.known or not other.known else (other, one)
    if kept.session_id != joined.session_id:
        return kept
    return Contact(
        kept.session_id,
        _earliest(kept.first_inbound_at, joined.first_inbound_at),
        _earliest(kept.first_sent_at, joined.first_sent_at),
    )


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)

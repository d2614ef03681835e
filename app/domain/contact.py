"""What a session and a customer already are to each other."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.identifiers import SessionId


@dataclass(frozen=True, slots=True)
class Contact:
    """`session_id` is the number from which this customer is told; the moments are those of the first time (Q9)."""

    session_id: SessionId
    first_inbound_at: datetime | None = None
    first_sent_at: datetime | None = None

    @property
    def known(self) -> bool:
        return self.first_inbound_at is not None or self.first_sent_at is not None

    def with_inbound(self, session_id: SessionId, at: datetime) -> "Contact":
        """The customer wrote to `session_id`; whom nobody told anything yet stays with the number they chose."""
        if session_id == self.session_id:
            return replace(self, first_inbound_at=self.first_inbound_at or at)
        return self if self.known else Contact(session_id, first_inbound_at=at)

    def with_sent(self, session_id: SessionId, at: datetime) -> "Contact":
        return (
            replace(self, first_sent_at=self.first_sent_at or at) if session_id == self.session_id else self
        )


def is_cold(contact: Contact | None, session_id: SessionId) -> bool:
    """Whether a message from this session would be the first word between the two (X2)."""
    return contact is None or contact.session_id != session_id or not contact.known

"""The contacts of the store that needs no disk."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.phone import Phone


class MemoryContactRows:
    def __init__(self, contacts: dict[Phone, Contact]) -> None:
        self._rows = contacts

    def get(self, phone: Phone) -> Contact | None:
        return self._rows.get(phone)

    def get_all(self, phones: Sequence[Phone]) -> Mapping[Phone, Contact]:
        return {phone: self._rows[phone] for phone in phones if phone in self._rows}

    def save(self, phone: Phone, contact: Contact) -> None:
        self._rows[phone] = contact

    def strangers_told_since(self, session_id: SessionId, moment: datetime) -> Sequence[datetime]:
        told = [
            (row.first_inbound_at, row.first_sent_at)
            for row in self._rows.values()
            if row.session_id == session_id
        ]
        return sorted(at for wrote, at in told if at and at >= moment and (wrote is None or wrote > at))

    def first_told_at(self, session_id: SessionId) -> datetime | None:
        told = (row.first_sent_at for row in self._rows.values() if row.session_id == session_id)
        return min((at for at in told if at), default=None)

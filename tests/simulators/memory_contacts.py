"""Contacts in the store in memory."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.lid import Address
from tests.simulators.memory_identities import MemoryIdentityRows

if TYPE_CHECKING:
    from tests.simulators.memory_tables import Tables

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class MemoryContactRows:
    def __init__(self, tables: "Tables", identities: MemoryIdentityRows) -> None:
        self._rows, self._identities = tables.contacts, identities

    def get(self, customer: Address) -> Contact | None:
        return self._rows.get(self._identities.of(customer))

    def get_all(self, customers: Sequence[Address]) -> Mapping[Address, Contact]:
        return {customer: contact for customer in customers if (contact := self.get(customer))}

    def save(self, customer: Address, contact: Contact) -> None:
        moments = [each for each in (contact.first_inbound_at, contact.first_sent_at) if each]
        if not self._identities.knows(customer):
            self._identities.keep(customer, max(moments, default=_NEVER))
        self._rows[self._identities.of(customer)] = contact

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

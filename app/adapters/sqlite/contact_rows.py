"""Rows of contacts, found under every alias of their customer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

from app.adapters.sqlite.contact_table import ContactTable
from app.adapters.sqlite.identity_rows import SqlIdentityRows
from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.lid import Address
from app.ports.clock import Clock


class SqlContactRows:
    """Contacts in SQL; of several that an earlier version stored for one number, the known one counts."""

    def __init__(self, contacts: ContactTable, identities: SqlIdentityRows, clock: Clock) -> None:
        self._contacts, self._identities, self._clock = contacts, identities, clock

    def get(self, customer: Address) -> Contact | None:
        return self.get_all([customer]).get(customer)

    def get_all(self, customers: Sequence[Address]) -> Mapping[Address, Contact]:
        self._identities.prefetch(customers)
        identities = [(customer, self._identities.all_of(customer)) for customer in dict.fromkeys(customers)]
        found = self._contacts.get_all([*chain.from_iterable(theirs for _, theirs in identities)])
        contacts = (
            (customer, [found[each] for each in theirs if each in found]) for customer, theirs in identities
        )
        return {customer: max(theirs, key=lambda each: each.known) for customer, theirs in contacts if theirs}

    def save(self, customer: Address, contact: Contact) -> None:
        if len(self._identities.all_of(customer)) > 1 or not self._identities.knows(customer):
            self._identities.keep(customer, self._clock.now())
        self._contacts.save(self._identities.of(customer), contact)

    def strangers_told_since(self, session_id: SessionId, moment: datetime) -> Sequence[datetime]:
        return self._contacts.strangers_told_since(session_id, moment)

    def first_told_at(self, session_id: SessionId) -> datetime | None:
        return self._contacts.first_told_at(session_id)

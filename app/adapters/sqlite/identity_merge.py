"""Merging of two identities, and moving of a number from one to another, with all rows that follow."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, text, update

from app.adapters.sqlite.alias_lookup import AliasLookup
from app.adapters.sqlite.chat_timer_table import ChatTimerTable
from app.adapters.sqlite.conditions import UNFINISHED
from app.adapters.sqlite.contact_table import ContactTable
from app.adapters.sqlite.tables import Tables
from app.domain.contact import merged_contacts
from app.domain.identifiers import IdentityId


class IdentityMerge:
    """Changes aliases, contacts, chat timers and unfinished rows of the queue together."""

    def __init__(
        self,
        connection: Connection,
        tables: Tables,
        contacts: ContactTable,
        timers: ChatTimerTable,
        lookup: AliasLookup,
    ) -> None:
        self._connection, self._lookup = connection, lookup
        self._contacts, self._timers = contacts, timers
        self._aliases, self._notifications = tables.aliases, tables.notifications

    def merge(self, kept: IdentityId, gone: IdentityId) -> None:
        """Give all aliases, the contact, the timers and the unfinished rows of `gone` to `kept`."""
        theirs = self._aliases.c.identity_id == gone
        self._connection.execute(update(self._aliases).where(theirs).values(identity_id=kept))
        self._lookup.forget()
        contacts = self._contacts.get_all([kept, gone])
        if gone in contacts:
            other = contacts.get(kept)
            joined = merged_contacts(other, contacts[gone]) if other else contacts[gone]
            self._contacts.save(kept, joined)
            self._contacts.delete(gone)
        self._timers.merge(kept, gone)
        self._reassign(self._notifications.c.customer_id == gone, kept)

    def move(self, number: Sequence[bytes], former: IdentityId, owner: IdentityId) -> None:
        """Give the number and the unfinished rows addressed to it to its new owner, without contact or timer (K4)."""
        moved = self._aliases.c.alias_index.in_(number)
        self._connection.execute(update(self._aliases).where(moved).values(identity_id=owner))
        self._lookup.forget()
        rows = self._notifications.c
        self._reassign((rows.customer_id == former) & rows.phone_index.in_(number), owner)

    def _reassign(self, theirs: ColumnElement[bool], owner: IdentityId) -> None:
        waiting = update(self._notifications).where(theirs, text(UNFINISHED))
        self._connection.execute(waiting.values(customer_id=owner))

"""Contacts by identity: each customer's session, and the moments of first message out and in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.exact_columns import EPOCH
from app.adapters.sqlite.prepared_statement import PreparedBatchStatement
from app.adapters.sqlite.tables import Tables
from app.adapters.sqlite.unreadable_cells import RowCheck, UnreadableCells
from app.domain.contact import Contact
from app.domain.identifiers import IdentityId, SessionId


class ContactTable:
    """Contacts in SQL, each under its customer's identity alone."""

    def __init__(self, connection: Connection, tables: Tables, cells: UnreadableCells) -> None:
        self._connection, self._rows = connection, tables.contacts
        new = insert(self._rows)
        kept = {name: new.excluded[name] for name in ("session_id", "wrote_at", "told_at")}
        self._upsert = new.on_conflict_do_update(index_elements=["customer_id"], set_=kept)
        rows = self._rows.c
        columns = (rows.session_id, rows.wrote_at, rows.told_at, rows.customer_id)
        self._check = RowCheck(self._rows.name, columns, cells)
        self._told_check = RowCheck(self._rows.name, [rows.told_at], cells)
        self._get_all = PreparedBatchStatement(connection, select(*columns), rows.customer_id)

    def get_all(self, identities: Sequence[IdentityId]) -> Mapping[IdentityId, Contact]:
        found = ((row[-1], self._read(row)) for row in self._get_all.all(identities))
        return {identity: contact for identity, contact in found if contact}

    def save(self, identity: IdentityId, contact: Contact) -> None:
        values = {
            "customer_id": identity,
            "session_id": contact.session_id,
            "wrote_at": contact.first_inbound_at,
            "told_at": contact.first_sent_at,
        }
        self._connection.execute(self._upsert, values)

    def delete(self, identity: IdentityId) -> None:
        self._connection.execute(delete(self._rows).where(self._rows.c.customer_id == identity))

    def strangers_told_since(self, session_id: SessionId, moment: datetime) -> Sequence[datetime]:
        rows = self._rows.c
        strangers = or_(rows.wrote_at.is_(None), rows.wrote_at > rows.told_at)
        told = select(rows.told_at).where(rows.session_id == session_id, rows.told_at >= moment, strangers)
        found = self._connection.execute(told.order_by(rows.told_at))
        return [row[0] for row in found if self._told_check.reads(row)]

    def first_told_at(self, session_id: SessionId) -> datetime | None:
        rows = self._rows.c
        first = self._connection.execute(
            select(func.min(rows.told_at)).where(rows.session_id == session_id)
        ).scalar_one()
        return first if isinstance(first, datetime) else None

    def _read(self, row: Sequence[Any]) -> Contact | None:
        """Return the contact; an unreadable moment counts as long ago.

        Whether there is a moment decides if the customer is a stranger, as in the queue.
        """
        session_id, wrote_at, told_at, identity = row
        if "session_id" in self._check.faults(row, identity):
            return None
        return Contact(
            SessionId(session_id),
            EPOCH if wrote_at is UNREADABLE else wrote_at,
            EPOCH if told_at is UNREADABLE else told_at,
        )

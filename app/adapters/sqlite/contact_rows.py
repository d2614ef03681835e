"""Rows of contacts: each customer's session, and the moments of first message out and in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.exact_columns import EPOCH
from app.adapters.sqlite.prepared_statement import PreparedBatchStatement
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.phone import Phone


class SqlContactRows:
    """Contacts in SQL, each under the blind index of the customer's number alone."""

    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        self._connection = connection
        self._vault = given.vault
        self._rows = given.tables.contacts
        new = insert(self._rows)
        kept = {name: new.excluded[name] for name in ("session_id", "wrote_at", "told_at")}
        self._upsert = new.on_conflict_do_update(index_elements=["phone_index"], set_=kept)
        rows = self._rows.c
        columns = (rows.session_id, rows.wrote_at, rows.told_at, rows.phone_index)
        self._check = RowCheck(self._rows.name, columns, given.cells)
        self._told_check = RowCheck(self._rows.name, [rows.told_at], given.cells)
        self._get_all = PreparedBatchStatement(connection, select(*columns), rows.phone_index)

    def get(self, phone: Phone) -> Contact | None:
        return self.get_all([phone]).get(phone)

    def get_all(self, phones: Sequence[Phone]) -> Mapping[Phone, Contact]:
        by_index = {self._index(phone): phone for phone in phones}
        found = ((by_index[row[-1]], self._read(row)) for row in self._get_all.all([*by_index]))
        return {phone: contact for phone, contact in found if contact}

    def save(self, phone: Phone, contact: Contact) -> None:
        values = {
            "phone_index": self._index(phone),
            "session_id": contact.session_id,
            "wrote_at": contact.first_inbound_at,
            "told_at": contact.first_sent_at,
        }
        self._connection.execute(self._upsert, values)

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
        session_id, wrote_at, told_at, index = row
        if "session_id" in self._check.faults(row, index):
            return None
        return Contact(
            SessionId(session_id),
            EPOCH if wrote_at is UNREADABLE else wrote_at,
            EPOCH if told_at is UNREADABLE else told_at,
        )

    def _index(self, phone: Phone) -> bytes:
        return self._vault.blind_index("phone", phone.number)

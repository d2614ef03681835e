"""Which session tells a customer, and since when they know each other, in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.prepared import Prepared
from app.adapters.sqlite.tables import Tables
from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.phone import Phone


class SqlContactRows:
    """A customer is known here by a blind index alone."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        self._connection = connection
        self._vault = tables.vault
        self._rows = tables.contacts
        new = insert(self._rows)
        kept = {name: new.excluded[name] for name in ("session_id", "wrote_at", "told_at")}
        self._upsert = new.on_conflict_do_update(index_elements=["phone_index"], set_=kept)
        rows = self._rows.c
        known = select(rows.session_id, rows.wrote_at, rows.told_at)
        self._get = Prepared(connection, known.where(rows.phone_index == bindparam("which")))

    def get(self, phone: Phone) -> Contact | None:
        row = self._get.first({"which": self._index(phone)})
        return None if row is None else Contact(SessionId(row[0]), *row[1:])

    def save(self, phone: Phone, contact: Contact) -> None:
        values = {
            "phone_index": self._index(phone),
            "session_id": contact.session_id,
            "wrote_at": contact.wrote_at,
            "told_at": contact.told_at,
        }
        self._connection.execute(self._upsert, values)

    def strangers_told_since(self, session_id: SessionId, moment: datetime) -> Sequence[datetime]:
        rows = self._rows.c
        strangers = or_(rows.wrote_at.is_(None), rows.wrote_at > rows.told_at)
        told = select(rows.told_at).where(rows.session_id == session_id, rows.told_at >= moment, strangers)
        return list(self._connection.execute(told.order_by(rows.told_at)).scalars())

    def first_told_at(self, session_id: SessionId) -> datetime | None:
        rows = self._rows.c
        first: datetime | None = self._connection.execute(
            select(func.min(rows.told_at)).where(rows.session_id == session_id)
        ).scalar_one()
        return first

    def _index(self, phone: Phone) -> bytes:
        return self._vault.blind_index("phone", phone.number)

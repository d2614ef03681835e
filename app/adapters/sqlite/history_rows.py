"""Rows of the kept history notices, sealed: an inline notice holds texts until it is read."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.identifiers import SessionId
from app.ports.histories import HistoryNotice

# The same message again has the same id: WhatsApp delivers it until its ratchet is on disk.
_NAMESPACE: Final = UUID("0f6c0f9e-5d0a-5c38-9d53-64a6f6a86a51")


class SqlHistoryRows:
    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        self._connection, self._sealer = connection, given.sealer
        self._rows = given.tables.histories
        self._read = (self._rows.c.notice, self._rows.c.tries)
        self._id_check = RowCheck(self._rows.name, [self._rows.c.id], given.cells)
        self._check = RowCheck(self._rows.name, self._read, given.cells)

    def keep(self, session_id: SessionId, message_id: str, notice: str) -> None:
        notice_id = notice_id_of(session_id, message_id)
        values = {
            "id": notice_id,
            "session_id": session_id,
            "notice": self._sealer.seal(self._rows.name, "notice", notice_id, notice),
            "tries": 0,
        }
        self._connection.execute(insert(self._rows).values(values).on_conflict_do_nothing())

    def waiting(self, session_id: SessionId) -> Sequence[UUID]:
        rows = self._rows.c
        theirs = select(rows.id).where(rows.session_id == session_id).order_by(rows.seq)
        return [row[0] for row in self._connection.execute(theirs) if self._id_check.reads(row)]

    def take(self, notice_id: UUID) -> HistoryNotice | None:
        this = self._rows.c.id == notice_id
        counted = update(self._rows).where(this).values(tries=self._rows.c.tries + 1)
        self._connection.execute(counted)
        row = self._connection.execute(select(*self._read).where(this)).first()
        if row is None or not self._check.reads(row, notice_id):
            return None
        text = self._sealer.open(self._rows.name, "notice", notice_id, row[0])
        return None if text is None else HistoryNotice(text, row[1])

    def delete(self, notice_id: UUID) -> None:
        self._connection.execute(delete(self._rows).where(self._rows.c.id == notice_id))


def notice_id_of(session_id: SessionId, message_id: str) -> UUID:
    return uuid5(_NAMESPACE, f"{session_id}\0{message_id}")

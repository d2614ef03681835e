"""The opt-outs in SQL, under blind indexes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as insert_once

from app.adapters.sqlite.tables import IN_FORCE, Tables
from app.domain.errors import BrokenPromiseError
from app.domain.identifiers import MessageId, NotificationId
from app.domain.opt_out import OptOut, OptOutSource, customer_forms
from app.domain.phone import Phone


class SqlOptOutRows:
    def __init__(self, connection: Connection, tables: Tables) -> None:
        self._connection = connection
        self._vault = tables.vault
        self._rows = tables.opt_outs
        self._heard = tables.heard_words
        self._in_force = select(self._rows).where(
            self._rows.c.phone_index == bindparam("which"), text(IN_FORCE)
        )

    def in_force(self, phone: Phone) -> OptOut | None:
        row = self._connection.execute(self._in_force, {"which": self._index(phone)}).first()
        return None if row is None else _opt_out(row)

    def add(self, phone: Phone, opt_out: OptOut) -> None:
        if self.in_force(phone) is not None:
            raise BrokenPromiseError("opted out already")
        values = {
            "phone_index": self._index(phone),
            "opted_out_at": opt_out.opted_out_at,
            "source": opt_out.source.value,
            "reason": opt_out.reason,
            "message_id": opt_out.message_id,
            "confirmation_id": opt_out.confirmation_id,
        }
        self._connection.execute(insert(self._rows).values(values))

    def undo(self, phone: Phone, at: datetime, by: OptOutSource, reason: str | None) -> None:
        standing = update(self._rows).where(self._rows.c.phone_index == self._index(phone), text(IN_FORCE))
        self._connection.execute(standing.values(undone_at=at, undone_by=by.value, undo_reason=reason))

    def history(self, phone: Phone) -> Sequence[OptOut]:
        theirs = select(self._rows).where(self._rows.c.phone_index == self._index(phone))
        return [_opt_out(row) for row in self._connection.execute(theirs.order_by(self._rows.c.seq))]

    def hear(self, phone: Phone, message_id: MessageId, at: datetime) -> bool:
        word = {"phone_index": self._index(phone), "message_id": message_id, "heard_at": at}
        new = insert_once(self._heard).values(word).on_conflict_do_nothing()
        return self._connection.execute(new).rowcount == 1

    def _index(self, phone: Phone) -> bytes:
        """One index for all spellings, so that the database itself allows one opt-out a customer."""
        return self._vault.blind_index("phone", customer_forms(phone)[0].number)


def _opt_out(row: Row[Any]) -> OptOut:
    return OptOut(
        opted_out_at=row.opted_out_at,
        source=OptOutSource(row.source),
        confirmation_id=None if row.confirmation_id is None else NotificationId(row.confirmation_id),
        reason=row.reason,
        message_id=None if row.message_id is None else MessageId(row.message_id),
        undone_at=row.undone_at,
        undone_by=None if row.undone_by is None else OptOutSource(row.undone_by),
        undo_reason=row.undo_reason,
    )

"""The opt-outs in SQL, under blind indexes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as insert_once

from app.adapters.sqlite.customer_index import customer_index
from app.adapters.sqlite.prepared import Prepared
from app.adapters.sqlite.tables import IN_FORCE, Tables
from app.domain.errors import BrokenPromiseError
from app.domain.identifiers import MessageId, NotificationId
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.phone import Phone

_READ: Final = (
    "opted_out_at",
    "source",
    "confirmation_id",
    "reason",
    "message_id",
    "undone_at",
    "undone_by",
    "undo_reason",
)


class SqlOptOutRows:
    def __init__(self, connection: Connection, tables: Tables) -> None:
        self._connection = connection
        self._vault = tables.vault
        self._rows = tables.opt_outs
        self._heard = tables.heard_words
        standing = select(*(self._rows.c[name] for name in _READ))
        of_customer = self._rows.c.phone_index == bindparam("which")
        self._in_force = Prepared(connection, standing.where(of_customer, text(IN_FORCE)))

    def in_force(self, phone: Phone) -> OptOut | None:
        row = self._in_force.first({"which": self._index(phone)})
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
        theirs = select(*(self._rows.c[name] for name in _READ)).where(
            self._rows.c.phone_index == self._index(phone)
        )
        return [_opt_out(row) for row in self._connection.execute(theirs.order_by(self._rows.c.seq))]

    def hear(self, phone: Phone, message_id: MessageId, at: datetime) -> bool:
        word = {"phone_index": self._index(phone), "message_id": message_id, "heard_at": at}
        new = insert_once(self._heard).values(word).on_conflict_do_nothing()
        return self._connection.execute(new).rowcount == 1

    def _index(self, phone: Phone) -> bytes:
        """One index for all spellings, so that the database itself allows one opt-out a customer."""
        return customer_index(self._vault, phone)


def _opt_out(row: Sequence[Any]) -> OptOut:
    opted_out_at, source, confirmation_id, reason, message_id, undone_at, undone_by, undo_reason = row
    return OptOut(
        opted_out_at=opted_out_at,
        source=OptOutSource(source),
        confirmation_id=None if confirmation_id is None else NotificationId(confirmation_id),
        reason=reason,
        message_id=None if message_id is None else MessageId(message_id),
        undone_at=undone_at,
        undone_by=None if undone_by is None else OptOutSource(undone_by),
        undo_reason=undo_reason,
    )

"""Emptying and deleting what is old, in SQL."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    exists,
    not_,
    select,
    text,
    tuple_,
    update,
)

from app.adapters.sqlite.order_rows import EMPTY_CONTENT
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.tables import NOT_EMPTIED, UNFINISHED

# Where `emptied_at` stands, nobody opens a personal cell.
_EMPTY: Final = b""


class SqlRetentionRows:
    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        self._connection, tables = connection, given.tables
        self._notifications, self._orders = tables.notifications, tables.orders
        self._numbers, self._heard = tables.numbers, tables.heard_words
        self._inbound, self._consents = tables.inbound, tables.consents

    def empty(self, before: datetime, at: datetime, limit: int) -> int:
        emptied = self._empty(
            self._notifications,
            self._finished_before(before),
            limit,
            {"customer_phone": _EMPTY, "phone_index": _EMPTY, "message_content": _EMPTY, "emptied_at": at},
        )
        over = self._over_before(before)
        emptied += self._empty(self._orders, over, limit - emptied, {**EMPTY_CONTENT, "emptied_at": at})
        nobody = {"customer_phone": _EMPTY, "phone_index": _EMPTY, "emptied_at": at}
        old = self._inbound.c.received_at < before
        emptied += self._empty(self._inbound, old, limit - emptied, {**nobody, "content": None})
        given = self._consents.c.given_at < before
        return emptied + self._empty(self._consents, given, limit - emptied, {**nobody, "wording": _EMPTY})

    def delete(self, before: datetime, limit: int) -> int:
        numbers = self._numbers.c
        deleted = 0
        for table, old in (
            (self._notifications, self._finished_before(before)),
            (self._orders, self._over_before(before)),
            (self._numbers, and_(numbers.checked_at < before, numbers.suspect_of.is_(None))),
            (self._heard, self._heard.c.heard_at < before),
            (self._inbound, self._inbound.c.received_at < before),
            (self._consents, self._consents.c.given_at < before),
        ):
            chosen = _chosen(table, old, limit - deleted)
            deleted += self._connection.execute(delete(table).where(chosen)).rowcount
        return deleted

    def _empty(self, table: Table, old: ColumnElement[bool], limit: int, values: dict[str, Any]) -> int:
        chosen = _chosen(table, and_(text(NOT_EMPTIED), old), limit)
        return self._connection.execute(update(table).where(chosen).values(values)).rowcount

    def _finished_before(self, before: datetime) -> ColumnElement[bool]:
        """A row that is finished has moved at least once."""
        return and_(self._notifications.c.changed_at < before, text(f"NOT ({UNFINISHED})"))

    def _over_before(self, before: datetime) -> ColumnElement[bool]:
        theirs = self._notifications.c.order_id == self._orders.c.id
        owed = exists().where(theirs, text(f"whatsapp_notifications.{UNFINISHED}"))
        return and_(self._orders.c.created_at < before, not_(owed))


def _chosen(table: Table, old: ColumnElement[bool], limit: int) -> ColumnElement[bool]:
    keys = list(table.primary_key.columns)
    key = keys[0] if len(keys) == 1 else tuple_(*keys)
    return key.in_(select(*keys).where(old).limit(limit))

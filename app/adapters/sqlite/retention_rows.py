"""Retention: empties and deletes old rows, in batches."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    exists,
    not_,
    or_,
    select,
    text,
    tuple_,
    update,
)

from app.adapters.sqlite.alias_lookup import AliasLookup
from app.adapters.sqlite.conditions import NOT_EMPTIED, UNFINISHED, of_table
from app.adapters.sqlite.order_rows import EMPTY_CONTENT
from app.adapters.sqlite.row_dependencies import RowDependencies

# A personal cell is not opened where `emptied_at` is set.
_EMPTY: Final = b""


class SqlRetentionRows:
    """Retention in SQL; each method changes at most `limit` rows and returns their number."""

    def __init__(self, connection: Connection, given: RowDependencies, lookup: AliasLookup) -> None:
        self._connection, self._lookup, tables = connection, lookup, given.tables
        self._notifications, self._orders = tables.notifications, tables.orders
        self._numbers, self._heard = tables.numbers, tables.heard_words
        self._inbound, self._consents = tables.inbound, tables.consents
        self._aliases = tables.aliases

    def date(self, at: datetime, unsure: datetime, limit: int) -> int:
        tables = (
            self._notifications,
            self._orders,
            self._numbers,
            self._heard,
            self._inbound,
            self._consents,
            self._aliases,
        )
        dated = 0
        for table in tables:
            since = table.c.retained_from
            wanted = or_(since.is_(None), and_(since > unsure, since != at))
            chosen = _chosen(table, wanted, limit - dated)
            dated += self._connection.execute(update(table).where(chosen).values(retained_from=at)).rowcount
        return dated

    def empty(self, before: datetime, at: datetime, limit: int) -> int:
        emptied = self._empty(
            self._notifications,
            self._finished_before(before, at),
            limit,
            {
                "customer_phone": _EMPTY,
                "phone_index": _EMPTY,
                "customer_id": None,
                "message_content": _EMPTY,
                "emptied_at": at,
            },
        )
        over = self._over_before(before, at)
        emptied += self._empty(self._orders, over, limit - emptied, {**EMPTY_CONTENT, "emptied_at": at})
        nobody = {"customer_phone": _EMPTY, "phone_index": _EMPTY, "emptied_at": at}
        old = _before(self._inbound.c.received_at, before, at)
        emptied += self._empty(
            self._inbound, old, limit - emptied, {**nobody, "lid_index": None, "content": None}
        )
        given = _before(self._consents.c.given_at, before, at)
        emptied += self._empty(self._consents, given, limit - emptied, {**nobody, "wording": _EMPTY})
        return emptied + self._empty_aliases(before, at, limit - emptied)

    def _empty_aliases(self, before: datetime, at: datetime, limit: int) -> int:
        """Empty numbers, LIDs and names not seen since; their indexes stay, or an opt-out would be lost (X1).

        Without `seen_at` the value is written again as soon as it is seen.
        """
        aliases = self._aliases.c
        unseen = and_(aliases.value.is_not(None), _before(aliases.seen_at, before, at))
        chosen = _chosen(self._aliases, unseen, limit)
        self._lookup.forget()
        return self._connection.execute(
            update(self._aliases).where(chosen).values(value=None, seen_at=None)
        ).rowcount

    def delete(self, before: datetime, at: datetime, limit: int) -> int:
        numbers = self._numbers.c
        checked = _before(numbers.checked_at, before, at)
        deleted = 0
        for table, old in (
            (self._notifications, self._finished_before(before, at)),
            (self._orders, self._over_before(before, at)),
            (self._numbers, and_(checked, numbers.suspect_of.is_(None))),
            (self._heard, _before(self._heard.c.heard_at, before, at)),
            (self._inbound, _before(self._inbound.c.received_at, before, at)),
            (self._consents, _before(self._consents.c.given_at, before, at)),
        ):
            chosen = _chosen(table, old, limit - deleted)
            deleted += self._connection.execute(delete(table).where(chosen)).rowcount
        return deleted

    def _empty(self, table: Table, old: ColumnElement[bool], limit: int, values: dict[str, Any]) -> int:
        chosen = _chosen(table, and_(text(NOT_EMPTIED), old), limit)
        return self._connection.execute(update(table).where(chosen).values(values)).rowcount

    def _finished_before(self, before: datetime, at: datetime) -> ColumnElement[bool]:
        """Return the condition of a finished row that last changed before this moment.

        A finished row has changed at least once, so `changed_at` is set.
        """
        return and_(_before(self._notifications.c.changed_at, before, at), text(f"NOT {UNFINISHED}"))

    def _over_before(self, before: datetime, at: datetime) -> ColumnElement[bool]:
        """Return the condition of an old order without unfinished notifications."""
        theirs = self._notifications.c.order_id == self._orders.c.id
        owed = exists().where(theirs, text(of_table("whatsapp_notifications", UNFINISHED)))
        return and_(_before(self._orders.c.created_at, before, at), not_(owed))


def _before(stamp: "Column[Any]", before: datetime, at: datetime) -> ColumnElement[bool]:
    """Return the condition of an old row, by its stamp and by its retention date.

    The PC's clock may have been years behind or ahead when the row was stamped: the date must be as old.
    """
    return and_(or_(stamp < before, stamp > at), stamp.table.c.retained_from < before)


def _chosen(table: Table, old: ColumnElement[bool], limit: int) -> ColumnElement[bool]:
    keys = list(table.primary_key.columns)
    key = keys[0] if len(keys) == 1 else tuple_(*keys)
    return key.in_(select(*keys).where(old).limit(limit))

"""Rows of the local copies of orders."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Row,
    Table,
    and_,
    case,
    func,
    literal_column,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.types import NullType

from app.adapters.sqlite.alias_lookup import AliasLookup
from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.customer_index import CustomerIndexes
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.identifiers import OrderId
from app.domain.lid import Address
from app.domain.order import Order, OrderItem, OrderOutline
from app.domain.order_merge import source_phone_of
from app.ports.store import OutlinePage

_PERSONAL: Final = ("customer_name", "customer_phone", "chosen_phone", "order_notes", "items")
EMPTY_CONTENT: Final = {
    name: None if name == "chosen_phone" else b"" for name in (*_PERSONAL, "customer_index")
}
"""Values that retention leaves in the personal columns (X6); cells are not opened where `emptied_at` is set."""
_OUTLINE: Final = ("id", "order_number", "status", "payment_status", "created_at", "deleted")
# An order without one of the other columns is unreadable: its customer would get a wrong message.
_DISPENSABLE: Final = frozenset(
    {
        *_PERSONAL,
        "customer_index",
        "payment_status",
        "table_number",
        "changed_at",
        "emptied_at",
        "stage_at",
        "retained_from",
    }
)

_ROWID: Final[ColumnElement[int]] = literal_column("rowid")
_OF_THE_FIRST_TIME: Final = frozenset({"id", "retained_from"})


class SqlOrderRows:
    """Orders in SQL; where personal cells do not open, the order keeps its other facts (Z1)."""

    def __init__(self, connection: Connection, given: RowDependencies, aliases: AliasLookup) -> None:
        self._connection = connection
        self._clock, self._sealer, self._cells = given.clock, given.sealer, given.cells
        self._saved = given.indexes.saved
        self._indexes = CustomerIndexes(aliases, given.indexes)
        self._rows = given.tables.orders
        self._check = RowCheck(self._rows.name, list(self._rows.c), given.cells)
        self._outline = [self._rows.c[name] for name in _OUTLINE]
        self._outline_check = RowCheck(self._rows.name, self._outline, given.cells)
        self._upsert = _upsert(self._rows)

    def get(self, order_id: OrderId) -> Order | None:
        return self._first(select(self._rows).where(self._rows.c.id == order_id))

    def save(self, order: Order, customer: Address | None = None) -> None:
        values = {
            "customer_index": self._saved(customer) if customer else b"",
            "id": order.id,
            "order_number": order.number,
            "status": order.status,
            "payment_status": order.payment_status,
            "total_amount": order.total,
            "table_number": order.table_number,
            "created_at": order.created_at,
            "changed_at": self._clock.now(),
            "emptied_at": self._clock.now() if order.is_erased else None,
            "deleted": order.deleted,
            "stage_at": order.stage_at,
            **self._sealed(order),
        }
        self._connection.execute(self._upsert, values)

    def latest(self, limit: int) -> Sequence[Order]:
        newest = select(self._rows).order_by(self._rows.c.created_at.desc(), _ROWID.desc())
        return self._many(newest.limit(limit))

    def newest_of(self, customer: Address) -> OrderId | None:
        rows = self._rows.c
        theirs = select(rows.id).where(rows.customer_index.in_(self._indexes.of(customer)))
        found = self._connection.execute(
            theirs.order_by(rows.created_at.desc(), _ROWID.desc()).limit(1)
        ).scalar()
        return OrderId(found) if isinstance(found, str) else None

    def of_unknown_customers(self, limit: int) -> Sequence[Order]:
        rows = self._rows.c
        place = type_coerce(rows.created_at, NullType)
        latest = self._connection.execute(select(place).order_by(place.desc()).limit(limit)).scalars().all()
        if not latest:
            return []
        unknown = select(self._rows).where(rows.customer_index.is_(None), place >= latest[-1])
        return self._many(unknown.order_by(rows.created_at.desc(), _ROWID.desc()))

    def numbered(self, number: int, since: datetime, until: datetime) -> Order | None:
        rows = self._rows.c
        within = and_(
            rows.order_number == number, rows.created_at.between(since, until), rows.deleted.is_(False)
        )
        newest = select(self._rows).where(within).order_by(rows.created_at.desc(), _ROWID.desc())
        return self._first(newest.limit(1))

    def outlines(self, since: datetime | None, limit: int, page: object | None = None) -> OutlinePage:
        place = (type_coerce(self._rows.c.created_at, NullType), _ROWID)
        wanted = select(*self._outline, *place).order_by(*(column.desc() for column in place)).limit(limit)
        if since is not None:
            wanted = wanted.where(self._rows.c.created_at >= since)
        if isinstance(page, tuple):
            wanted = wanted.where(tuple_(*place) < tuple_(*page))
        rows = self._connection.execute(wanted).all()
        found = (self._outline_of(row) for row in rows)
        next_page = tuple(rows[-1][-2:]) if len(rows) == limit else None
        return OutlinePage([outline for outline in found if outline], next_page)

    def page(self, order_ids: Sequence[OrderId]) -> Sequence[Order]:
        wanted = select(self._rows).where(self._rows.c.id.in_(order_ids))
        return self._many(wanted)

    def _first(self, statement: Executable) -> Order | None:
        """Return the first order, or None where it is unreadable: no other order takes its place."""
        row = self._connection.execute(statement).first()
        return None if row is None else self._order_of(row)

    def _many(self, statement: Executable) -> list[Order]:
        found = map(self._order_of, self._connection.execute(statement))
        return [order for order in found if order]

    def _sealed(self, order: Order) -> dict[str, bytes | None]:
        texts = {
            "customer_name": order.customer_name,
            "customer_phone": source_phone_of(order),
            "chosen_phone": None if order.source_phone is None else order.customer_phone,
            "order_notes": order.notes,
            "items": _items_text(order.items),
        }
        return {
            column: None if text is None else self._sealer.seal(self._rows.name, column, order.id, text)
            for column, text in texts.items()
        }

    def _order_of(self, row: Row[Any]) -> Order | None:
        faults = self._check.faults(row, row.id)
        if not _DISPENSABLE.issuperset(faults):
            return None
        name, phone, chosen, notes, items = self._opened(row)
        return Order(
            id=OrderId(row.id),
            number=row.order_number,
            customer_name=name,
            # A chosen phone that does not open counts as missing: the source's phone is not the one a person chose.
            customer_phone=phone if row.chosen_phone is None else chosen,
            status=row.status,
            payment_status=_known(row.payment_status),
            total=row.total_amount,
            created_at=row.created_at,
            items=self._items_of(row.id, items),
            table_number=_known(row.table_number),
            notes=notes,
            # An unreadable moment counts as long ago, so that no outdated message goes out.
            stage_at=row.created_at if "stage_at" in faults else row.stage_at,
            deleted=row.deleted,
            source_phone=None if row.chosen_phone is None else phone,
            is_erased=_known(row.emptied_at) is not None,
        )

    def _outline_of(self, row: Row[*tuple[Any, ...]]) -> OrderOutline | None:
        if not _DISPENSABLE.issuperset(self._outline_check.faults(row[: len(_OUTLINE)], row.id)):
            return None
        return OrderOutline(
            id=OrderId(row.id),
            number=row.order_number,
            status=row.status,
            payment_status=_known(row.payment_status),
            created_at=row.created_at,
            deleted=row.deleted,
        )

    def _opened(self, row: Row[Any]) -> list[str]:
        if _known(row.emptied_at) is not None:
            return [""] * len(_PERSONAL)
        cells = ((column, getattr(row, column)) for column in _PERSONAL)
        return [self._sealer.open(self._rows.name, column, row.id, cell) or "" for column, cell in cells]

    def _items_of(self, order_id: str, text: str) -> tuple[OrderItem, ...]:
        try:
            return _items(text) if text else ()
        except (ValueError, TypeError, KeyError, ArithmeticError):
            self._cells.report(self._rows.name, "items", order_id)
            return ()


def _upsert(orders: Table) -> Insert:
    """Return the idempotent upsert of an order; emptied columns stay empty, even when it is saved again (X6)."""
    new, emptied = insert(orders), orders.c.emptied_at
    kept: dict[str, Any] = {each.name: new.excluded[each.name] for each in orders.c}
    for name in _OF_THE_FIRST_TIME:
        del kept[name]
    for name in EMPTY_CONTENT:
        kept[name] = case((emptied.is_(None), kept[name]), else_=orders.c[name])
    kept["emptied_at"] = func.coalesce(emptied, kept["emptied_at"])
    return new.on_conflict_do_update(index_elements=["id"], set_=kept)


def _known(cell: Any) -> Any:  # noqa: ANN401 - the type of its column
    return None if cell is UNREADABLE else cell


def _items_text(items: Sequence[OrderItem]) -> str:
    return json.dumps([asdict(item) for item in items], default=str, ensure_ascii=False)


def _items(text: str) -> tuple[OrderItem, ...]:
    return tuple(
        OrderItem(kept["name"], kept["quantity"], Decimal(kept["unit_price"])) for kept in json.loads(text)
    )

"""The local copies of orders in SQL."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, and_, case, func, literal_column, select
from sqlalchemy.dialects.sqlite import Insert, insert

from app.adapters.sqlite.tables import Tables
from app.domain.identifiers import OrderId
from app.domain.order import Order, OrderItem, OrderOutline
from app.domain.order_merge import source_phone_of
from app.ports.clock import Clock

EMPTY_CONTENT: Final = {
    "customer_name": "",
    "customer_phone": "",
    "chosen_phone": None,
    "order_notes": "",
    "items": "[]",
}
"""What retention leaves in the columns that are personal (X6)."""


class SqlOrderRows:
    def __init__(self, connection: Connection, tables: Tables, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._rows = tables.orders
        self._upsert = _upsert(self._rows)

    def get(self, order_id: OrderId) -> Order | None:
        row = self._connection.execute(select(self._rows).where(self._rows.c.id == order_id)).first()
        return None if row is None else _order_of(row)

    def save(self, order: Order) -> None:
        values = {
            "id": order.id,
            "order_number": order.number,
            "customer_name": order.customer_name,
            "customer_phone": source_phone_of(order),
            "chosen_phone": None if order.source_phone is None else order.customer_phone,
            "status": order.status,
            "payment_status": order.payment_status,
            "total_amount": order.total,
            "order_notes": order.notes,
            "items": _items_text(order.items),
            "table_number": order.table_number,
            "created_at": order.created_at,
            "changed_at": self._clock.now(),
            "emptied_at": self._clock.now() if order.emptied else None,
            "deleted": order.deleted,
            "stage_at": order.stage_at,
        }
        self._connection.execute(self._upsert, values)

    def latest(self, limit: int) -> Sequence[Order]:
        newest = select(self._rows).order_by(self._rows.c.created_at.desc(), literal_column("rowid").desc())
        return [_order_of(row) for row in self._connection.execute(newest.limit(limit))]

    def numbered(self, number: int, since: datetime, until: datetime) -> Order | None:
        rows = self._rows.c
        within = and_(
            rows.order_number == number, rows.created_at.between(since, until), rows.deleted.is_(False)
        )
        newest = (
            select(self._rows).where(within).order_by(rows.created_at.desc(), literal_column("rowid").desc())
        )
        row = self._connection.execute(newest.limit(1)).first()
        return None if row is None else _order_of(row)

    def outlines(self, since: datetime | None) -> Sequence[OrderOutline]:
        rows = self._rows.c
        shown = (rows.order_number, rows.status, rows.payment_status, rows.created_at, rows.deleted)
        wanted = select(rows.id, *shown)
        if since is not None:
            wanted = wanted.where(rows.created_at >= since)
        newest = wanted.order_by(rows.created_at.desc(), literal_column("rowid").desc())
        return [OrderOutline(OrderId(row[0]), *row[1:]) for row in self._connection.execute(newest)]

    def page(self, order_ids: Sequence[OrderId]) -> Sequence[Order]:
        wanted = select(self._rows).where(self._rows.c.id.in_(order_ids))
        return [_order_of(row) for row in self._connection.execute(wanted)]


def _upsert(orders: Table) -> Insert:
    """What was emptied stays empty, whatever is saved over it (X6)."""
    new, emptied = insert(orders), orders.c.emptied_at
    kept: dict[str, Any] = {each.name: new.excluded[each.name] for each in orders.c if each.name != "id"}
    for name in EMPTY_CONTENT:
        kept[name] = case((emptied.is_(None), kept[name]), else_=orders.c[name])
    kept["emptied_at"] = func.coalesce(emptied, kept["emptied_at"])
    return new.on_conflict_do_update(index_elements=["id"], set_=kept)


def _order_of(row: Row[Any]) -> Order:
    return Order(
        id=OrderId(row.id),
        number=row.order_number,
        customer_name=row.customer_name,
        customer_phone=row.customer_phone if row.chosen_phone is None else row.chosen_phone,
        status=row.status,
        payment_status=row.payment_status,
        total=row.total_amount,
        created_at=row.created_at,
        items=_items_of(row.items),
        table_number=row.table_number,
        notes=row.order_notes,
        stage_at=row.stage_at,
        deleted=row.deleted,
        source_phone=None if row.chosen_phone is None else row.customer_phone,
        emptied=row.emptied_at is not None,
    )


def _items_text(items: Sequence[OrderItem]) -> str:
    return json.dumps([asdict(item) for item in items], default=str, ensure_ascii=False)


def _items_of(text: str) -> tuple[OrderItem, ...]:
    return tuple(
        OrderItem(kept["name"], kept["quantity"], Decimal(kept["unit_price"])) for kept in json.loads(text)
    )

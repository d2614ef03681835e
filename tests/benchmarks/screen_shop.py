"""Fills a shop's database with orders of the last days, each told; names and texts open as a shop's own do."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app.adapters.sqlite.notification_columns import first_values
from app.adapters.sqlite.unit_of_work import SqlRows
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.domain.identifiers import IdentityId, MessageId, OrderId, notification_id
from app.domain.notification import Notification, State
from app.domain.order import NotificationType, Order, OrderItem
from app.domain.phone import Phone
from app.ports.store import Rows
from tests.harness.opened_store import opened_training
from tests.harness.shop import MAIN

_SAVED_TOGETHER: Final = 500
_CUSTOMERS: Final = 300
# Within the days for which texts are kept, so that nothing is pruned while the screen is measured.
_DAYS: Final = timedelta(days=12)
_STAGES: Final = {
    "paid": NotificationType.PAYMENT_CONFIRMED,
    "preparing": NotificationType.PREPARING,
    "ready": NotificationType.READY,
    "completed": NotificationType.READY,
}
_NAMES: Final = ("Ana Araújo", "João Silva Pereira", "Beatriz Conceição", "Zé Carlos", "Luíza Andrade Nunes")


async def fill_shop(folder: Path, orders: int, today: int) -> None:
    """Save so many orders, the newest with the largest number; the last `today` are of today, in all stages."""
    clock = SystemClock()
    store, _ = opened_training(folder, SystemEntropy(), clock)
    made, customers = _orders(orders, today, clock.now()), dict[str, IdentityId | None]()
    while page := list(islice(made, _SAVED_TOGETHER)):
        await store.transact(partial(_save, page, customers))
    await store.close()


def new_order(number: int, phone: Phone, at: datetime, status: str = "paid") -> Order:
    return Order(
        OrderId(str(UUID(int=number))),
        number,
        _NAMES[number % len(_NAMES)],
        phone.number,
        status,
        "confirmed",
        Decimal("45.50"),
        at,
        (OrderItem("Açaí 500 ml com granola e banana", 2, Decimal("22.75")),),
    )


def _orders(orders: int, today: int, now: datetime) -> Iterator[Order]:
    of_today, older = min(today, orders), max(orders - today, 0)
    for number in range(1, older + 1):
        at = now - timedelta(days=1) - _DAYS * (older - number) / max(older, 1)
        yield new_order(number, _phone(number), at, "completed")
    for place in range(of_today):
        number = older + place + 1
        # Of the last minutes: at midnight, too, they are of today or of a moment before.
        at = now - timedelta(milliseconds=100) * (of_today - place)
        yield new_order(number, _phone(number), at, tuple(_STAGES)[place % len(_STAGES)])


def _phone(number: int) -> Phone:
    return Phone(f"+55739977{number % _CUSTOMERS:05d}")


def _save(orders: Sequence[Order], customers: dict[str, IdentityId | None], rows: Rows) -> None:
    """Insert by the page; one by one, as a shop does it, 100,000 orders take many minutes."""
    assert isinstance(rows, SqlRows)
    told = [_told(order) for order in orders]
    for each in told:
        if each.phone.text not in customers:
            customers[each.phone.text] = rows.notifications._customer(each, each.created_at)
    connection, now = rows.orders._connection, rows.orders._clock.now()
    connection.execute(rows.orders._rows.insert(), [_order_values(rows, each, now) for each in orders])
    connection.execute(
        rows.notifications._rows.insert(),
        [
            first_values(each)
            | rows.notifications._personal(each)
            | {"customer_id": customers[each.phone.text]}
            for each in told
        ],
    )


def _order_values(rows: SqlRows, order: Order, now: datetime) -> dict[str, Any]:
    return {
        "customer_index": rows.orders._saved(Phone(order.customer_phone)),
        "id": order.id,
        "order_number": order.number,
        "status": order.status,
        "payment_status": order.payment_status,
        "total_amount": order.total,
        "created_at": order.created_at,
        "changed_at": now,
        "deleted": order.deleted,
        **rows.orders._sealed(order),
    }


def _told(order: Order) -> Notification:
    kind, at = _STAGES[order.status], order.created_at
    return Notification(
        notification_id(order.id, kind, 1),
        order.id,
        kind,
        1,
        MAIN,
        Phone(order.customer_phone),
        f"Olá! Seu pedido #{order.number} está pronto para retirar.",
        MessageId(f"{order.number:020X}"),
        at,
        at,
        State.READ,
        attempts=1,
        sending_at=at,
        sent_at=at,
        delivered_at=at,
        read_at=at,
        stage_at=at,
    )

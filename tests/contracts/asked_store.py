"""A store that tests ask without a loop of their own, with what they put into it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from app.domain.identifiers import MessageId, OrderId, SessionId, notification_id
from app.domain.lease import Lease
from app.domain.notification import Notification, State
from app.domain.order import NotificationType, Order
from app.domain.phone import Phone
from app.domain.rate_limit import Eligibility
from app.ports.store import Rows, Store

T = TypeVar("T")

NOW = datetime(2026, 1, 10, 15, 0, 0, 123456, tzinfo=UTC)
MAIN = SessionId("main")
ANA, BIA = Phone("+5573999998537"), Phone("+5571988887777")
ME = Lease("1/a/b", NOW + timedelta(seconds=30))
SOON, LATER = timedelta(seconds=1), timedelta(minutes=1)
CHANGES: dict[str, Any] = {
    "session_id": SessionId("second"),
    "scheduled_at": NOW + SOON,
    "state": State.FAILED,
    "reason": "refused",
    "attempts": 3,
    "repeats": 2,
    "priority": 4,
    "lease": ME,
    "sending_at": NOW + SOON * 2,
    "sent_at": NOW + SOON * 3,
    "delivered_at": NOW + SOON * 4,
    "read_at": NOW + SOON * 5,
    "doubted_at": NOW + SOON * 6,
    "changed_at": NOW + SOON * 7,
    "stage_at": NOW + SOON * 8,
    "on_wire_at": NOW + SOON * 9,
    "given_up_at": NOW + SOON * 10,
}


def owed(order: str = "o1", kind: NotificationType = NotificationType.READY, **changes: Any) -> Notification:
    """A notification that is due now, with ids of its own."""
    named = notification_id(OrderId(order), kind, 1)
    due = Notification(
        id=named,
        order_id=OrderId(order),
        type=kind,
        occurrence=1,
        session_id=MAIN,
        phone=ANA,
        text="Seu açaí está pronto 💜",
        message_id=MessageId(f"3EB0{named.hex[:18].upper()}"),
        created_at=NOW,
        scheduled_at=NOW,
    )
    return replace(due, **changes)


def whole() -> Notification:
    """A notification of which every field is filled."""
    return replace(owed(), **CHANGES)


def lease_due(
    rows: Rows, lease: Lease, now: datetime, limit: int, eligible: Eligibility
) -> Sequence[Notification]:
    """Find due rows and save them under the lease."""
    found = rows.notifications.find_due(lease, now, limit, eligible)
    rows.notifications.save_all(found)
    return found


class Asked:
    """A Store asked without a loop of one's own."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def transact(self, work: Callable[[Rows], T]) -> T:
        return asyncio.run(self.store.transact(work))

    def read(self, work: Callable[[Rows], T]) -> T:
        return asyncio.run(self.store.read(work))

    def add(self, *notifications: Notification) -> list[Notification]:
        added = self.transact(lambda rows: [rows.notifications.add(each) for each in notifications])
        return [each for each in added if each is not None]

    def keep_orders(self, *orders: Order) -> None:
        def save_each(rows: Rows) -> None:
            for order in orders:
                rows.orders.save(order)

        self.transact(save_each)

    def save(self, notification: Notification) -> None:
        self.transact(lambda rows: rows.notifications.save(notification))

    def date(self, at: datetime) -> None:
        """All that is there was there at `at`, for certain."""
        self.transact(lambda rows: rows.retention.date(at, at, 999))

    def lease(
        self,
        lease: Lease = ME,
        now: datetime = NOW,
        limit: int = 10,
        eligible: Eligibility = Eligibility(MAIN),  # noqa: B008 - a constant
    ) -> list[OrderId | None]:
        leased = self.transact(lambda rows: lease_due(rows, lease, now, limit, eligible))
        assert all(row.lease == lease for row in leased)
        return [row.order_id for row in leased]

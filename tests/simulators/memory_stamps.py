"""The moments of the PC's clock in the store in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.identifiers import NotificationId, OrderId
from app.domain.notification import UNFINISHED, State
from app.ports.timestamps import ClockStep

if TYPE_CHECKING:
    from tests.simulators.memory_tables import Tables


class MemoryStampRows:
    def __init__(self, tables: "Tables") -> None:
        self._tables = tables

    def notifications(self, step: ClockStep) -> Sequence[NotificationId]:
        rows = self._tables.notifications.values()
        created = [r.id for r in rows if r.state is State.PENDING and _within(r.created_at, step)]
        changed = [row.id for row in rows if _within(row.changed_at, step)]
        return list(dict.fromkeys([*created, *changed]))

    def unfinished_outside(self, since: datetime, until: datetime) -> Sequence[NotificationId]:
        unfinished = (row for row in self._tables.notifications.values() if row.state in UNFINISHED)
        return [row.id for row in unfinished if not since <= (row.changed_at or row.created_at) <= until]

    def orders(self, step: ClockStep) -> Sequence[OrderId]:
        return [order.id for order in self._tables.orders.values() if _within(order.created_at, step)]

    def shift_notifications(self, ids: Sequence[NotificationId], step: ClockStep) -> None:
        due = ClockStep(step.since, step.due_until, step.by)
        for key in ids:
            row = self._tables.notifications[key]
            lease = row.lease and replace(row.lease, until=_moved(row.lease.until, due))
            self._tables.notifications[key] = replace(
                row,
                created_at=_moved(row.created_at, step),
                changed_at=row.changed_at and _moved(row.changed_at, step),
                stage_at=row.stage_at and _moved(row.stage_at, step),
                sending_at=row.sending_at and _moved(row.sending_at, step),
                doubted_at=row.doubted_at and _moved(row.doubted_at, step),
                on_wire_at=row.on_wire_at and _moved(row.on_wire_at, step),
                given_up_at=row.given_up_at and _moved(row.given_up_at, step),
                scheduled_at=_moved(row.scheduled_at, due),
                lease=lease,
            )

    def shift_orders(self, ids: Sequence[OrderId], step: ClockStep) -> None:
        orders = self._tables.orders
        for key in ids:
            stage_at, created_at = orders[key].stage_at, _moved(orders[key].created_at, step)
            stage_at = stage_at and _moved(stage_at, step)
            orders[key] = replace(orders[key], created_at=created_at, stage_at=stage_at)


def _within(moment: datetime | None, step: ClockStep) -> bool:
    return moment is not None and step.since <= moment <= step.until


def _moved(moment: datetime, step: ClockStep) -> datetime:
    return moment + step.by if _within(moment, step) else moment

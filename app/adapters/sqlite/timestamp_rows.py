"""Rows' moments of the PC's clock: finds and shifts them after the clock was set."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Table, bindparam, func, not_, select, text

from app.adapters.sqlite.conditions import PENDING, UNFINISHED
from app.adapters.sqlite.exact_columns import Moment
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.domain.identifiers import NotificationId, OrderId
from app.ports.timestamps import ClockStep

_OF_NOTIFICATIONS: Final = (
    *("created_at", "changed_at", "stage_at", "sending_at", "doubted_at"),
    *("on_wire_at", "given_up_at"),
)
_DUE: Final = ("scheduled_at", "lease_until")
_OF_ORDERS: Final = ("created_at", "changed_at", "stage_at")


class SqlTimestampRows:
    """Finds and shifts the moments that the PC's clock wrote, by the clock's step."""

    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        self._connection = connection
        self._notifications, self._orders = given.tables.notifications, given.tables.orders

    def notifications(self, step: ClockStep) -> Sequence[NotificationId]:
        rows = self._notifications.c
        waiting = text(PENDING)
        created = select(rows.id).where(waiting, rows.created_at.between(step.since, step.until))
        changed = select(rows.id).where(rows.changed_at.between(step.since, step.until))
        found = [*self._connection.execute(created).scalars(), *self._connection.execute(changed).scalars()]
        return [NotificationId(each) for each in dict.fromkeys(found)]

    def unfinished_outside(self, since: datetime, until: datetime) -> Sequence[NotificationId]:
        rows = self._notifications.c
        written = func.coalesce(rows.changed_at, rows.created_at, type_=Moment)
        found = select(rows.id).where(text(UNFINISHED), not_(written.between(since, until)))
        return [NotificationId(each) for each in self._connection.execute(found).scalars()]

    def orders(self, step: ClockStep) -> Sequence[OrderId]:
        rows = self._orders.c
        made = select(rows.id).where(rows.created_at.between(step.since, step.until))
        return [OrderId(each) for each in self._connection.execute(made).scalars()]

    def shift_notifications(self, ids: Sequence[NotificationId], step: ClockStep) -> None:
        until = dict.fromkeys(_OF_NOTIFICATIONS, "until") | dict.fromkeys(_DUE, "due_until")
        self._shift(self._notifications, ids, step, until)

    def shift_orders(self, ids: Sequence[OrderId], step: ClockStep) -> None:
        self._shift(self._orders, ids, step, dict.fromkeys(_OF_ORDERS, "until"))

    def _shift(self, table: Table, ids: Sequence[object], step: ClockStep, until: dict[str, str]) -> None:
        """Shift the moments of these rows in one statement; neither an index nor the history raises its cost."""
        moved = ", ".join(
            f"{column} = {column} + :by * ({column} BETWEEN :since AND :{last})"
            for column, last in until.items()
        )
        statement = text(f"UPDATE {table.name} SET {moved} WHERE id IN :ids").bindparams(  # noqa: S608
            bindparam("ids", expanding=True, type_=table.c.id.type),
            *(bindparam(name, type_=Moment) for name in {"since", *until.values()}),
        )
        span = {name: getattr(step, name) for name in {"since", *until.values()}}
        microseconds = step.by // step.by.resolution
        self._connection.execute(statement, {"ids": list(ids), "by": microseconds, **span})

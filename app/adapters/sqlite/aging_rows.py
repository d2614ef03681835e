"""Finds rows of the queue by their age, in SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, or_, select, text

from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.exact_columns import Moment
from app.adapters.sqlite.notification_reader import NotificationReader
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.tables import (
    DOUBT_SINCE,
    FAILED,
    NEWS_SINCE,
    OPEN_DOUBT,
    PENDING,
    UNFINISHED,
)
from app.domain.identifiers import OrderId, SessionId
from app.domain.notification import Notification, State
from app.domain.order import NotificationType


class SqlAgingRows:
    """The conditions of partial indexes are literals: SQLite uses such an index only where it can read them."""

    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        self._connection = connection
        self._rows = given.tables.notifications.c
        self._reader = NotificationReader(given)
        self._select = select(*self._reader.columns)

    def open_doubts(self, session_id: SessionId) -> Sequence[Notification]:
        theirs = self._select.where(text(OPEN_DOUBT), self._rows.session_id == session_id)
        return self._many(theirs.order_by(self._rows.seq), State.IN_DOUBT)

    def doubted_orders(self) -> Sequence[tuple[OrderId, NotificationType]]:
        theirs = select(self._rows.order_id, self._rows.notification_type).where(
            self._rows.state == State.IN_DOUBT.value, self._rows.order_id.is_not(None)
        )
        found = [tuple(row) for row in self._connection.execute(theirs)]
        return [(order_id, type_) for order_id, type_ in found if UNREADABLE not in (order_id, type_)]

    def stale_doubts(self, before: datetime, limit: int) -> Sequence[Notification]:
        stale = _at(f"{OPEN_DOUBT} AND {DOUBT_SINCE} < :moment", before)
        return self._many(self._select.where(stale).limit(limit), State.IN_DOUBT)

    def stale_pending(self, before: datetime, now: datetime, limit: int) -> Sequence[Notification]:
        stale = self._select.where(text(PENDING), self._rows.stage_at < before, self._free(now))
        return self._many(stale.order_by(self._rows.stage_at).limit(limit), State.PENDING)

    def grows_stale(self) -> bool:
        pending = self._select.where(text(PENDING), self._rows.stage_at.is_not(None))
        doubts = self._select.where(text(OPEN_DOUBT))
        return any(self._connection.execute(chosen.limit(1)).first() for chosen in (pending, doubts))

    def failed_since(self, moment: datetime, limit: int, below: int | None = None) -> Sequence[Notification]:
        failed = self._select.where(_at(f"{FAILED} AND {NEWS_SINCE} >= :moment", moment))
        if below is not None:
            failed = failed.where(self._rows.seq < below)
        return self._many(failed.order_by(self._rows.seq.desc()).limit(limit), State.FAILED)

    def unfinished_before(self, moment: datetime, now: datetime, limit: int) -> Sequence[Notification]:
        changed = func.coalesce(self._rows.changed_at, self._rows.created_at, type_=Moment)
        waiting = self._select.where(text(UNFINISHED), self._rows.state != State.SENDING.value)
        return self._many(
            waiting.where(changed < moment, self._free(now)).limit(limit), State.PENDING, State.IN_DOUBT
        )

    def _free(self, now: datetime) -> ColumnElement[bool]:
        return or_(self._rows.lease_until.is_(None), self._rows.lease_until <= now)

    def _many(self, statement: Select[Any], *states: State) -> list[Notification]:
        """Those whose cells read: one that does not is given another state by the reader, and ended elsewhere."""
        found = (self._reader.read(row) for row in self._connection.execute(statement))
        return [row for row in found if row is not None and row.state in states]


def _at(condition: str, moment: datetime) -> ColumnElement[bool]:
    return text(condition).bindparams(bindparam("moment", moment, Moment))  # type: ignore[return-value]

"""Queries for rows of the queue by age: stale, in doubt, failed lately, unfinished."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, or_, select, text

from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.conditions import DOUBT_SINCE, FAILED, NEWS_SINCE, OPEN_DOUBT, PENDING, UNFINISHED
from app.adapters.sqlite.exact_columns import Moment
from app.adapters.sqlite.notification_reader import NotificationReader
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.domain.identifiers import OrderId, SessionId
from app.domain.notification import UNFINISHED as UNFINISHED_STATES
from app.domain.notification import Notification, State
from app.domain.order import NotificationType


class SqlAgingRows:
    """Age queries, each of which names its partial index.

    Without statistics SQLite would take the larger index of all states.
    """

    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        self._connection = connection
        self._rows = given.tables.notifications.c
        self._reader = NotificationReader(given)
        self._select = select(*self._reader.columns)

    def open_doubts(self, session_id: SessionId) -> Sequence[Notification]:
        doubts = self._rows.seq.in_(text(_indexed("ix_open_doubt", OPEN_DOUBT)))
        theirs = self._select.where(doubts, self._rows.session_id == session_id)
        return self._many(theirs.order_by(self._rows.seq), State.IN_DOUBT)

    def doubted_orders(self) -> Sequence[tuple[OrderId, NotificationType]]:
        in_doubt = (text(UNFINISHED), self._rows.state == State.IN_DOUBT.value)
        theirs = select(self._rows.order_id, self._rows.notification_type).where(
            *in_doubt, self._rows.order_id.is_not(None)
        )
        found = [tuple(row) for row in self._connection.execute(theirs)]
        return [(order_id, type_) for order_id, type_ in found if UNREADABLE not in (order_id, type_)]

    def stale_doubts(self, before: datetime, limit: int) -> Sequence[Notification]:
        stale = self._found_by("ix_open_doubt", f"{OPEN_DOUBT} AND {DOUBT_SINCE} < :moment", before)
        return self._many(self._select.where(stale).limit(limit), State.IN_DOUBT)

    def stale_pending(self, before: datetime, now: datetime, limit: int) -> Sequence[Notification]:
        found = self._found_by("ix_pending_stage", f"{PENDING} AND stage_at < :moment", before)
        stale = self._select.where(found, self._free(now)).order_by(self._rows.stage_at)
        return self._many(stale.limit(limit), State.PENDING)

    def grows_stale(self) -> bool:
        waits = {"ix_pending_stage": f"{PENDING} AND stage_at IS NOT NULL", "ix_open_doubt": OPEN_DOUBT}
        chosen = [text(f"{_indexed(index, waiting)} LIMIT 1") for index, waiting in waits.items()]
        return any(self._connection.execute(each).first() for each in chosen)

    def failed_since(self, moment: datetime, limit: int, below: int | None = None) -> Sequence[Notification]:
        news = self._found_by("ix_failed_news", f"{FAILED} AND {NEWS_SINCE} >= :moment", moment)
        failed = self._select.where(news)
        if below is not None:
            failed = failed.where(self._rows.seq < below)
        return self._many(failed.order_by(self._rows.seq.desc()).limit(limit), State.FAILED)

    def unfinished_before(self, moment: datetime, now: datetime, limit: int) -> Sequence[Notification]:
        changed = func.coalesce(self._rows.changed_at, self._rows.created_at, type_=Moment)
        waiting = self._select.where(text(UNFINISHED), self._rows.state != State.SENDING.value)
        return self._many(
            waiting.where(changed < moment, self._free(now)).limit(limit), State.PENDING, State.IN_DOUBT
        )

    def unfinished_unlike(self, reason: str, limit: int) -> Sequence[Notification]:
        # Backward from the end of the index: rows already in doubt stand at its beginning.
        order = (self._rows.state.desc(), self._rows.seq.desc())
        others = self._select.where(text(UNFINISHED), self._rows.reason.is_distinct_from(reason))
        return self._many(others.order_by(*order).limit(limit), *UNFINISHED_STATES)

    def pending_written_after(self, moment: datetime, limit: int) -> Sequence[Notification]:
        written = func.coalesce(self._rows.changed_at, self._rows.created_at, type_=Moment)
        return self._many(self._select.where(text(PENDING), written > moment).limit(limit), State.PENDING)

    def _found_by(self, index: str, condition: str, moment: datetime) -> ColumnElement[bool]:
        found = text(_indexed(index, condition)).bindparams(bindparam("moment", moment, Moment))
        return self._rows.seq.in_(found)

    def _free(self, now: datetime) -> ColumnElement[bool]:
        return or_(self._rows.lease_until.is_(None), self._rows.lease_until <= now)

    def _many(self, statement: Select[Any], *states: State) -> list[Notification]:
        """Return the rows in these states; a row with an unreadable cell has another state and is left out."""
        found = (self._reader.read(row) for row in self._connection.execute(statement))
        return [row for row in found if row is not None and row.state in states]


def _indexed(index: str, condition: str) -> str:
    return f"SELECT seq FROM whatsapp_notifications INDEXED BY {index} WHERE {condition}"  # noqa: S608 - ours

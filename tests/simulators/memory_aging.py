"""Rows by their age in the store in memory."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.identifiers import OrderId, SessionId
from app.domain.notification import UNFINISHED, Notification, State
from app.domain.order import NotificationType

if TYPE_CHECKING:
    from tests.simulators.memory_tables import Tables


class MemoryAgingRows:
    def __init__(self, tables: "Tables") -> None:
        self._rows = tables.notifications

    def open_doubts(self, session_id: SessionId) -> Sequence[Notification]:
        return [row for row in self._open() if row.session_id == session_id]

    def doubted_orders(self) -> Sequence[tuple[OrderId, NotificationType]]:
        return [(row.order_id, row.type) for row in self._in(State.IN_DOUBT) if row.order_id]

    def stale_doubts(self, before: datetime, limit: int) -> Sequence[Notification]:
        since = sorted(
            (each, row.seq, row) for row in self._open() if (each := row.stage_at or row.doubted_at)
        )
        return [row for each, _, row in since if each < before][:limit]

    def stale_pending(self, before: datetime, now: datetime, limit: int) -> Sequence[Notification]:
        free = [row for row in self._in(State.PENDING) if _free(row, now)]
        staged = sorted((row.stage_at, row.seq, row) for row in free if row.stage_at)
        return [row for stage_at, _, row in staged if stage_at < before][:limit]

    def grows_stale(self) -> bool:
        return any(row.stage_at for row in self._in(State.PENDING)) or any(self._open())

    def failed_since(self, moment: datetime, limit: int, below: int | None = None) -> Sequence[Notification]:
        failed = [row for row in self._in(State.FAILED) if below is None or row.seq < below]
        news = [row for row in failed if (since := row.stage_at or row.changed_at) and since >= moment]
        return sorted(news, key=lambda row: -row.seq)[:limit]

    def unfinished_before(self, moment: datetime, now: datetime, limit: int) -> Sequence[Notification]:
        waiting = [*self._in(State.PENDING), *self._in(State.IN_DOUBT)]
        free = [row for row in waiting if _free(row, now)]
        return [row for row in free if (row.changed_at or row.created_at) < moment][:limit]

    def unfinished_unlike(self, reason: str, limit: int) -> Sequence[Notification]:
        unfinished = (row for row in self._rows.values() if row.state in UNFINISHED)
        return [row for row in unfinished if row.reason != reason][:limit]

    def pending_written_after(self, moment: datetime, limit: int) -> Sequence[Notification]:
        pending = self._in(State.PENDING)
        return [row for row in pending if (row.changed_at or row.created_at) > moment][:limit]

    def _open(self) -> Iterator[Notification]:
        return (row for row in self._in(State.IN_DOUBT) if row.given_up_at is None)

    def _in(self, state: State) -> list[Notification]:
        return [row for row in self._rows.values() if row.state is state]


def _free(row: Notification, now: datetime) -> bool:
    return row.lease is None or row.lease.until <= now

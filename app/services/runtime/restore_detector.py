"""Restore detection at the start: an older copy of the database is found and made harmless."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Final

from app.domain.errors import CocoLokoError, VersionNotStoredError
from app.domain.events import NotificationChanged, ProblemReported
from app.domain.queue_policy import QueuePolicy
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.store import Rows, Store
from app.ports.version_counter import VersionCounter, VersionMark
from app.services.event_bus import EventBus
from app.services.notifications.restore_recovery import doubt_unfinished
from app.services.orders.order_watcher import KNOWN_SINCE
from app.services.storage.stored_settings import report_unreadable

_log = logging.getLogger(__name__)

VERSION: Final = "version"
INCARNATION: Final = "version_incarnation"
CONFIRMED: Final = "version_beside"
"""Setting with the mark that stood beside the database when the present one was written."""
RESTORED_MARK: Final = "restored_at"
"""Setting that a restoration leaves in the database, for a PC without a mark beside it."""
BURST: Final = timedelta(seconds=5)
"""Validity of one mark for the messages sent after it: a copy older by at most this may go unnoticed."""
_COPIED_EVERY: Final = timedelta(minutes=1)
_INCARNATION_LENGTH: Final = 16
_BATCH: Final = 200
_MOST_DIGITS: Final = 18


class Lineage(Enum):
    """Relation of the database to the last one in use on this PC."""

    SAME = auto()
    UNKNOWN = auto()
    OLDER = auto()


@dataclass(frozen=True, slots=True)
class OwnMark:
    """Mark inside the database; `confirmed` is the mark that stood beside it before its own."""

    mark: VersionMark | None
    confirmed: str = ""
    restored: bool = False

    def lineage(self, beside: VersionMark | None, copy: VersionMark | None) -> Lineage:
        """Compare the marks; the database is written first, so that after a crash the file may lag by one."""
        number = self.mark.number if self.mark else 0
        if self.restored or any(mark and mark.number > number for mark in (beside, copy)):
            return Lineage.OLDER
        if beside:
            known = same_mark(beside, self.mark) or mark_text(beside) == self.confirmed
            return Lineage.SAME if known else Lineage.OLDER
        if copy and self.mark and copy.number == number:
            return Lineage.SAME if same_mark(copy, self.mark) else Lineage.OLDER
        return Lineage.UNKNOWN if self.mark else Lineage.SAME


class RestoreDetector:
    """Keeps a mark in the database and beside it; a restored copy brings its own older one."""

    def __init__(
        self,
        store: Store,
        counter: VersionCounter,
        bus: EventBus,
        clock: Clock,
        policy: Callable[[], QueuePolicy],
        entropy: Entropy,
    ) -> None:
        self._store, self._counter, self._bus = store, counter, bus
        self._clock, self._policy, self._entropy = clock, policy, entropy
        self._mark: VersionMark | None = None
        """None until the marks were compared: writing before that would hide their difference."""
        self._confirmed = ""
        self._noted_at: timedelta | None = None
        self._one_note = asyncio.Lock()
        self._moved = asyncio.Event()
        self._told = False

    async def compare_with_mark(self) -> None:
        """Compare the marks before the first message is sent.

        Any difference drops the Signal ratchets, which is harmless; an older copy puts its unfinished rows in doubt.
        """
        beside, copy = (
            await self._read_mark(self._counter.read),
            await self._read_mark(self._counter.read_copy),
        )
        own = await self._store.read(_own_mark)
        lineage = own.lineage(beside, copy)
        if lineage is not Lineage.SAME:
            older = lineage is Lineage.OLDER
            _log.warning("version_differs", extra={"older_copy": older, "unknown": beside is None})
            await self._forget_ratchets()
        if lineage is Lineage.OLDER:
            await self._doubt_unfinished()
        known = [mark.number for mark in (own.mark, beside, copy) if mark]
        self._confirmed = mark_text(beside) if beside else ""
        self._mark = VersionMark(max(known, default=0))
        await self.write_mark()
        # A copy may be made before the first message: that message gets a mark of its own.
        self._noted_at = None

    async def mark_before_send(self) -> None:
        """Write one mark for each burst of messages, before the first is handed over.

        A failure is logged and delays no message.
        """
        async with self._one_note:
            if self._mark is None or (self._noted_at is not None and self._since(self._noted_at) < BURST):
                return
            try:
                await self.write_mark()
            except CocoLokoError as error:
                _log.warning("version_not_noted", extra={"code": error.code})

    async def write_mark(self) -> None:
        """Write a new mark into the database, then beside it; a no-op until the marks were compared."""
        if self._mark is None:
            return
        began, incarnation = self._clock.steady(), self._entropy.bytes(_INCARNATION_LENGTH).hex()
        mark, confirmed = VersionMark(self._mark.number + 1, incarnation), self._confirmed
        await self._store.transact(lambda rows: _save_mark(rows, mark, confirmed))
        self._mark = mark
        if await self._keep_mark(self._counter.keep, mark):
            self._confirmed = mark_text(mark)
        self._noted_at = began
        self._moved.set()

    async def run(self) -> None:
        """Copy the mark to the second place, which may take seconds, once a minute."""
        while True:
            await self._clock.wait(self._moved, None)
            await self._write_copy()
            await self._clock.sleep(_COPIED_EVERY)

    async def close(self) -> None:
        """Write the last mark: no copy made since the mark before counts as the present database."""
        await self.write_mark()
        await self._write_copy()

    async def _write_copy(self) -> None:
        self._moved.clear()
        if self._mark:
            await self._keep_mark(self._counter.keep_copy, self._mark)

    def _since(self, moment: timedelta) -> timedelta:
        return self._clock.steady() - moment

    async def _read_mark(self, question: Callable[[], Awaitable[VersionMark | None]]) -> VersionMark | None:
        try:
            return await question()
        except VersionNotStoredError:
            self._report_unstored()
            return None

    async def _keep_mark(self, keep: Callable[[VersionMark], Awaitable[None]], mark: VersionMark) -> bool:
        try:
            await keep(mark)
        except VersionNotStoredError:
            self._report_unstored()
            return False
        return True

    def _report_unstored(self) -> None:
        """Report once per process that a mark could not be stored; no message waits for it."""
        if not self._told:
            self._told = True
            self._bus.publish(ProblemReported(VersionNotStoredError.code))

    async def _forget_ratchets(self) -> None:
        while await self._store.transact(lambda rows: rows.sessions.forget_ratchets(_BATCH)):
            pass

    async def _doubt_unfinished(self) -> None:
        """Put unfinished rows in doubt; treat reached order stages as old, as at the first sync.

        Messages about those stages may have been sent since the copy was made.
        """
        await self._store.transact(lambda rows: rows.settings.set(KNOWN_SINCE, ""))
        work = doubt_unfinished(self._clock.now(), self._policy(), _BATCH)
        while changed := await self._store.transact(work):
            self._bus.publish(*(NotificationChanged(row) for row in changed))


def mark_text(mark: VersionMark) -> str:
    return f"{mark.number} {mark.incarnation or ''}".rstrip()


def same_mark(one: VersionMark, other: VersionMark | None) -> bool:
    """Compare two marks; one from before incarnations existed goes by its number alone."""
    if other is None or one.number != other.number:
        return False
    return one.incarnation == other.incarnation or None in (one.incarnation, other.incarnation)


def _own_mark(rows: Rows) -> OwnMark:
    kept, incarnation = rows.settings.get(VERSION), rows.settings.get(INCARNATION)
    number = int(kept) if kept and kept.isdecimal() and len(kept) <= _MOST_DIGITS else None
    if kept and number is None:
        report_unreadable(VERSION)
    mark = None if number is None else VersionMark(number, incarnation or None)
    return OwnMark(mark, rows.settings.get(CONFIRMED) or "", bool(rows.settings.get(RESTORED_MARK)))


def _save_mark(rows: Rows, mark: VersionMark, confirmed: str) -> None:
    rows.settings.set(VERSION, str(mark.number))
    rows.settings.set(INCARNATION, mark.incarnation or "")
    rows.settings.set(CONFIRMED, confirmed)
    if rows.settings.get(RESTORED_MARK):
        rows.settings.set(RESTORED_MARK, "")

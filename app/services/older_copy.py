"""Notices at the start that an older copy of the database was put back, and makes that harmless."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.errors import CocoLokoError, VersionUnkeptError
from app.domain.events import NotificationMoved, TroubleReported
from app.domain.notification import State
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.ports.version_counter import VersionCounter
from app.services.event_bus import EventBus
from app.services.kept_settings import tell_unreadable
from app.services.notifications.queue_policy import QueuePolicy
from app.services.notifications.restored import doubt_unfinished
from app.services.orders.order_watcher import KNOWN_SINCE

_log = logging.getLogger(__name__)

VERSION: Final = "version"
RESTORED_MARK: Final = "restored_at"
"""The setting that a restoration leaves in the database, for a PC on which nothing is kept beside it."""
NOTED_EVERY: Final = timedelta(minutes=1)
_BATCH: Final = 200
_MOST_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the database says of itself."""

    number: int | None
    restored: bool


class OlderCopy:
    """The same number stands in the database and beside it; a copy that is put back brings its own older one.

    The database is written first: a crash between the two leaves it ahead, and only a copy is ever behind.
    """

    def __init__(
        self, store: Store, counter: VersionCounter, bus: EventBus, clock: Clock, policy: QueuePolicy
    ) -> None:
        self._store, self._counter, self._bus = store, counter, bus
        self._clock, self._policy = clock, policy
        self._number: int | None = None
        """None until the two were compared: before that, writing would hide their difference."""
        self._sent = asyncio.Event()
        self._told = False
        bus.subscribe(NotificationMoved, self._moved)

    async def look(self) -> None:
        """Before anything is sent. Any difference costs the ratchets, which is harmless; a copy costs certainty."""
        beside, kept = await self._beside(), await self._store.read(_kept)
        within = kept.number or 0
        older = kept.restored or (beside is not None and within < beside)
        if older or beside != kept.number:
            _log.warning("version_differs", extra={"older_copy": older, "unknown": beside is None})
            await self._forget_ratchets()
        if older:
            await self._doubt_unfinished()
        self._number = max(within, beside or 0)
        await self.note()

    async def run(self) -> None:
        """A minute after something was sent, and so once a minute while something is, until cancelled."""
        while True:
            await self._clock.wait(self._sent, None)
            await self._clock.sleep(NOTED_EVERY)
            self._sent.clear()
            try:
                await self.note()
            except CocoLokoError as error:
                _log.warning("version_not_noted", extra={"code": error.code})
                self._sent.set()

    async def note(self) -> None:
        """Write a new number, here and there; nothing before the two were compared."""
        if self._number is None:
            return
        self._number += 1
        noted = str(self._number)
        await self._store.transact(lambda rows: _note(rows, noted))
        try:
            await self._counter.keep(self._number)
        except VersionUnkeptError:
            self._tell_unkept()

    async def _beside(self) -> int | None:
        try:
            return await self._counter.read()
        except VersionUnkeptError:
            self._tell_unkept()
            return None

    def _tell_unkept(self) -> None:
        """Once in a life of the program: nothing waits for it."""
        if not self._told:
            self._told = True
            self._bus.publish(TroubleReported(VersionUnkeptError.code))

    async def _forget_ratchets(self) -> None:
        while await self._store.transact(lambda rows: rows.sessions.forget_ratchets(_BATCH)):
            pass

    async def _doubt_unfinished(self) -> None:
        """What orders have reached by now may have been told as well: it is old news, as at the very first sync."""
        await self._store.transact(lambda rows: rows.settings.set(KNOWN_SINCE, ""))
        work = doubt_unfinished(self._clock.now(), self._policy, _BATCH)
        while changed := await self._store.transact(work):
            self._bus.publish(*(NotificationMoved(row) for row in changed))

    def _moved(self, event: NotificationMoved) -> None:
        if event.notification.state is State.SENDING:
            self._sent.set()


def _kept(rows: Rows) -> _Kept:
    kept = rows.settings.get(VERSION)
    number = int(kept) if kept and kept.isdecimal() and len(kept) <= _MOST_DIGITS else None
    if kept and number is None:
        tell_unreadable(VERSION)
    return _Kept(number, bool(rows.settings.get(RESTORED_MARK)))


def _note(rows: Rows, number: str) -> None:
    rows.settings.set(VERSION, number)
    if rows.settings.get(RESTORED_MARK):
        rows.settings.set(RESTORED_MARK, "")

"""Temporary ban of one session's number (402): its end, kept across restarts, and the wait for it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from app.domain.identifiers import SessionId
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.background_tasks import BackgroundTasks
from app.services.storage.stored_settings import read_clock, read_fields

_NOTHING: Final = timedelta(0)
_LOOK_EVERY: Final = timedelta(minutes=1)
# A longer ban comes from a damaged message, and every moment of it must lie in the calendar.
_LONGEST: Final = timedelta(days=366)
_LATEST: Final = datetime(9999, 12, 31, tzinfo=UTC)
_READERS: Final = {"noted": read_clock, "until": read_clock}


class TemporaryBan:
    """End of the ban on the monotonic clock that counts the PC's sleep: setting the PC's clock does not move it."""

    def __init__(self, session_id: SessionId, store: Store, clock: Clock, tasks: BackgroundTasks) -> None:
        self._name = f"temporary_ban:{session_id}"
        self._store, self._clock, self._tasks = store, clock, tasks
        self._ends: timedelta | None = None
        self._saved_until: datetime | None = None
        self._unsaved = False
        self._saving: asyncio.Task[None] | None = None

    @property
    def left(self) -> timedelta:
        return _NOTHING if self._ends is None else max(self._ends - self._clock.elapsed(), _NOTHING)

    @property
    def until(self) -> datetime | None:
        """Return the end on the wall clock, for people; None without a ban."""
        now, left = self._clock.now(), self.left
        return now + min(left, _LATEST - now) if left else None

    async def load(self) -> None:
        """Restore the ban of an earlier run, at most as long as it was when it was noted.

        With a clock that was set forward meanwhile it counts as over: the next login brings its true end again.
        """
        kept = read_fields(
            self._name, await self._store.read(lambda rows: rows.settings.get(self._name)), _READERS
        )
        noted, until = kept.get("noted"), kept.get("until")
        if noted and until:
            left = min(until - self._clock.now(), until - noted, _LONGEST)
            self._ends, self._saved_until = self._clock.elapsed() + left, until

    def begin(self, length: timedelta) -> None:
        """Note the rest of the ban; a kill before it is saved costs one login, answered with the same end."""
        self._ends = self._clock.elapsed() + min(length, _LONGEST)
        self._save()

    def end(self) -> None:
        """Forget the ban: WhatsApp let the number in, or the session is another one."""
        if self._ends is not None or self._saved_until:
            self._ends = None
            self._save()

    async def wait(self) -> None:
        """Return at the end; meanwhile the stored end follows a clock that is set."""
        while left := self.left:
            await self._clock.sleep(min(left, _LOOK_EVERY))
            until = self.until
            if until and (self._saved_until is None or abs(until - self._saved_until) >= _LOOK_EVERY):
                self._save()

    def _save(self) -> None:
        self._unsaved = True
        if self._saving is None or self._saving.done():
            self._saving = self._tasks.retry(self._write, "save_temporary_ban", self._clock)

    async def _write(self) -> None:
        while self._unsaved:
            until, self._unsaved = self.until, False
            try:
                await self._store.transact(partial(self._write_in, until=until))
            except BaseException:
                self._unsaved = True
                raise
            self._saved_until = until

    def _write_in(self, rows: Rows, *, until: datetime | None) -> None:
        noted = self._clock.now().isoformat()
        words = {"noted": noted, "until": until.isoformat()} if until else {}
        rows.settings.set(self._name, json.dumps(words))

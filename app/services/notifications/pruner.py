"""Pruner of old rows: erases their content after the retention, deletes them after a year."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from app.domain.errors import CocoLokoError
from app.ports.retention import ERASING
from app.ports.store import Rows, Store
from app.services.clock.stepped_clock import SteppedClock
from app.services.clock.trusted_time import TrustedTime
from app.services.notifications.expiry import end_expired

_log = logging.getLogger(__name__)

_DAY: Final = timedelta(days=1)
_ROWS_STAY: Final = timedelta(days=365)
# A phone may ask for a message again for so long (S7).
_SENT_TEXTS_STAY: Final = timedelta(days=14)
# A transaction blocks all other writers: it must take less than 50 ms.
BATCH: Final = 200
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pruned:
    emptied: int
    deleted: int


class Pruner:
    """Prunes once a day; `retention` is how long texts, names and numbers stay readable (X6).

    The PC's clock alone deletes no row (Z3): each row is dated by the trusted time once that is known, its age counts
    from then on, and a clock that shows less keeps it longer.
    """

    def __init__(
        self, store: Store, clock: SteppedClock, trusted: TrustedTime, retention: Callable[[], timedelta]
    ) -> None:
        self._store, self._clock, self._trusted = store, clock, trusted
        self._retention = retention
        self._told = False

    async def run(self) -> None:
        """Prune at once, when a server first reports the time, and daily until cancelled; a failure waits a day."""
        while True:
            heard = self._trusted.heard
            try:
                await self.prune()
            except CocoLokoError as error:
                _log.error("prune_failed", extra={"code": error.code})
            if heard:
                await self._clock.sleep(_DAY)
            else:
                await self._clock.wait(self._trusted.first_heard, _DAY)

    async def prune(self) -> Pruned:
        """Date new rows, expire unfinished ones, then erase and delete in batches."""
        await self._date()
        before, stays = self._agreed(), max(self._retention(), _SENT_TEXTS_STAY)
        now = self._clock.now()
        await self._in_batches(lambda rows: end_expired(rows, before - stays, now, BATCH))
        emptied = await self._in_batches(lambda rows: rows.retention.empty(before - stays, now, BATCH))
        deleted = await self._in_batches(lambda rows: rows.retention.delete(before - _ROWS_STAY, now, BATCH))
        if emptied or deleted:
            await self._store.shed_log()
        return Pruned(emptied, deleted)

    async def _date(self) -> None:
        """Date the undated rows; redate those dated before a server reported the time, as they may be younger."""
        at, exact = self._trusted.now(), self._trusted.heard
        unsure = (self._trusted.dated or _NEVER) if exact else at

        def work(rows: Rows) -> int:
            return rows.retention.date(at, unsure, BATCH)

        while await self._store.transact(work):
            pass
        if exact:
            self._trusted.mark_dated(at)
        await self._store.transact(self._trusted.keep)

    def _agreed(self) -> datetime:
        """Return the earliest of trusted time, our clock and the PC's; a difference over a day is logged once."""
        trusted, shown = self._trusted.now(), self._clock.system_now
        if abs(shown - trusted) > _DAY and not self._told:
            self._told = True
            _log.warning("prune_waits", extra={"days": (shown - trusted).days})
        return min(trusted, shown, self._clock.now())

    async def _in_batches(self, work: Callable[[Rows], int]) -> int:
        def marked(rows: Rows) -> int:
            done = work(rows)
            rows.settings.set(ERASING, "yes" if done else "")
            return done

        total = 0
        while done := await self._store.transact(marked):
            total += done
        return total

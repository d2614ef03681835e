"""Lets go of what is kept no longer: first of what it says, a year later of the row."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.errors import CocoLokoError
from app.ports.clock import Clock
from app.ports.retention import ERASING
from app.ports.store import Rows, Store
from app.services.notifications.expiry import end_expired

_log = logging.getLogger(__name__)

_DAY: Final = timedelta(days=1)
_ROWS_STAY: Final = timedelta(days=365)
# A phone may ask for a message again for so long (S7).
_SENT_TEXTS_STAY: Final = timedelta(days=14)
# A transaction keeps everybody else waiting: it is to take less than 50 ms.
BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Pruned:
    emptied: int
    deleted: int


class Pruner:
    """`retention` is how long texts, names and numbers stay readable (X6)."""

    def __init__(self, store: Store, clock: Clock, retention: timedelta) -> None:
        self._store, self._clock = store, clock
        self._retention = max(retention, _SENT_TEXTS_STAY)

    async def run(self) -> None:
        """At once and then once a day, until cancelled; what could not be done today waits for tomorrow."""
        while True:
            try:
                await self.prune()
            except CocoLokoError as error:
                _log.error("prune_failed", extra={"code": error.code})
            await self._clock.sleep(_DAY)

    async def prune(self) -> Pruned:
        now = self._clock.now()
        await self._in_batches(lambda rows: end_expired(rows, now - self._retention, now, BATCH))
        emptied = await self._in_batches(lambda rows: rows.retention.empty(now - self._retention, now, BATCH))
        deleted = await self._in_batches(lambda rows: rows.retention.delete(now - _ROWS_STAY, BATCH))
        if emptied or deleted:
            await self._store.shed_log()
        return Pruned(emptied, deleted)

    async def _in_batches(self, work: Callable[[Rows], int]) -> int:
        def marked(rows: Rows) -> int:
            done = work(rows)
            rows.settings.set(ERASING, "yes" if done else "")
            return done

        total = 0
        while done := await self._store.transact(marked):
            total += done
        return total

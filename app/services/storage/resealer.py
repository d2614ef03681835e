"""Background resealing of all cells that an older format or an older data key sealed."""

import asyncio
import logging
from datetime import timedelta
from functools import partial
from typing import Final

from app.domain.errors import CocoLokoError
from app.ports.clock import Clock
from app.ports.sealing import ResealPlace
from app.ports.store import Rows, Store

_log = logging.getLogger(__name__)

# Opening and sealing so many rows takes about 15 ms, and less than 50 ms on a PC three times as slow.
BATCH: Final = 50
# Other transactions get the database between two batches.
_PAUSE: Final = timedelta(milliseconds=50)
_EVERY: Final = timedelta(days=1)
_AFTER_FAILURE: Final = timedelta(minutes=1)


class Resealer:
    """Restartable: an interrupted pass begins anew at the next start, without rewriting finished cells."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._requested = asyncio.Event()

    def request(self) -> None:
        """Begin a pass now: the data key was changed."""
        self._requested.set()

    async def run(self) -> None:
        """Run a pass at once and after a change of the data key, until cancelled.

        Without outdated cells a pass does no work.
        """
        while True:
            self._requested.clear()
            over = await self._pass_is_over()
            await self._clock.wait(self._requested, _EVERY if over else _AFTER_FAILURE)

    async def _pass_is_over(self) -> bool:
        try:
            await self.reseal()
        except CocoLokoError as error:
            _log.error("reseal_failed", extra={"code": error.code})
            return False
        return True

    async def reseal(self) -> None:
        """Reseal every outdated cell that opens, in batches; each batch checks its cells in its own transaction."""
        place: ResealPlace | None = ResealPlace()
        while place is not None:
            place = await self._store.transact(partial(_batch, place=place))
            if place is not None:
                await self._clock.sleep(_PAUSE)


def _batch(rows: Rows, place: ResealPlace) -> ResealPlace | None:
    return rows.sealing.reseal(place, BATCH) if rows.sealing.outdated() else None

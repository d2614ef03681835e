"""Reports unreadable rows, and ends those in the queue, which would wait for ever (Z1)."""

import asyncio
import logging
from datetime import timedelta
from typing import Final

from app.domain.errors import CocoLokoError
from app.domain.events import NotificationChanged, ProblemReported
from app.ports.clock import Clock
from app.ports.store import Store
from app.services.event_bus import EventBus

_log = logging.getLogger(__name__)

ROW_UNREADABLE: Final = "row_unreadable"
_EVERY: Final = timedelta(hours=1)
# Each row that ends costs one update.
_BATCH: Final = 100


class UnreadableRows:
    """Reports each table once per run of the program; the log names every cell's column."""

    def __init__(self, store: Store, bus: EventBus, clock: Clock) -> None:
        self._store, self._bus, self._clock = store, bus, clock
        self._told: set[str] = set()
        self._found = asyncio.Event()
        store.on_unreadable(self._note)

    async def run(self) -> None:
        """End rows at once, after each unreadable cell found, and every hour, until cancelled."""
        while True:
            self._found.clear()
            try:
                await self.end_unreadable_rows()
            except CocoLokoError as error:
                _log.error("unreadable_rows_not_ended", extra={"code": error.code})
            await self._clock.wait(self._found, _EVERY)

    async def end_unreadable_rows(self) -> None:
        """End every pending row of the queue that is unreadable; a person tells the customer."""
        places = await self._store.read(lambda rows: rows.notifications.unreadable())
        for start in range(0, len(places), _BATCH):
            batch, at = places[start : start + _BATCH], self._clock.now()
            ended = await self._store.transact(
                lambda rows, batch=batch, at=at: rows.notifications.end_unreadable(batch, at)  # type: ignore[misc]
            )
            self._bus.publish(*(NotificationChanged(row) for row in ended))

    def _note(self, table: str) -> None:
        self._found.set()
        if table not in self._told:
            self._told.add(table)
            self._bus.publish(ProblemReported(ROW_UNREADABLE))

"""Integrity check of the whole database file, run while the shop is open.

No start of the program waits for it.
"""

import logging
from datetime import timedelta
from typing import Final

from app.domain.errors import CocoLokoError, DatabaseUnreadableError
from app.domain.events import ProblemReported
from app.ports.clock import Clock
from app.ports.store import FOUND_DAMAGED, Rows, Store
from app.services.event_bus import EventBus

_log = logging.getLogger(__name__)

# By then the shop is open and its numbers are connected.
_FIRST_AFTER: Final = timedelta(minutes=1)
_EVERY: Final = timedelta(days=1)


class IntegrityCheck:
    """Reports damage to a person, and has the next start check before the shop opens."""

    def __init__(self, store: Store, bus: EventBus, clock: Clock) -> None:
        self._store, self._bus, self._clock = store, bus, clock

    async def run(self) -> None:
        """Check soon after the start, and once a day, until cancelled."""
        await self._clock.sleep(_FIRST_AFTER)
        while True:
            await self.check()
            await self._clock.sleep(_EVERY)

    async def check(self) -> None:
        """Check once; an error that only hinders the check is left to the next one."""
        try:
            await self._store.check()
        except DatabaseUnreadableError as error:
            _log.error("database_damaged", extra={"reason": error.facts.get("reason")})
            self._bus.publish(ProblemReported(error.code))
            await self._note("yes")
        except CocoLokoError as error:
            _log.warning("database_not_checked", extra={"code": error.code})
        else:
            await self._note("")

    async def _note(self, found: str) -> None:
        """Save the result, as far as possible: a damaged database may refuse even this."""

        def note(rows: Rows) -> None:
            if (rows.settings.get(FOUND_DAMAGED) or "") != found:
                rows.settings.set(FOUND_DAMAGED, found)

        try:
            await self._store.transact(note)
        except CocoLokoError as error:
            _log.warning("database_check_not_noted", extra={"code": error.code})

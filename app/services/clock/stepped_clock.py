"""Clock of the core: runs with the PC's uptime, and is set only together with the stored moments."""

import asyncio
from datetime import datetime, timedelta

from app.ports.clock import Clock


class SteppedClock:
    """Implements ports.clock.Clock; between two steps no setting of the PC's clock is seen.

    So everything that is written between two steps goes by one clock, and one step moves all of it.
    """

    def __init__(self, system: Clock) -> None:
        self._system = system
        self._at_boot = system.now() - system.elapsed()

    def now(self) -> datetime:
        return self._at_boot + self._system.elapsed()

    def steady(self) -> timedelta:
        return self._system.steady()

    def elapsed(self) -> timedelta:
        return self._system.elapsed()

    async def sleep(self, length: timedelta) -> None:
        await self._system.sleep(length)

    async def wait(self, happening: asyncio.Event, at_most: timedelta | None) -> bool:
        return await self._system.wait(happening, at_most)

    @property
    def system_now(self) -> datetime:
        """What the PC's own clock shows, right or wrong."""
        return self._system.now()

    @property
    def at_boot(self) -> datetime:
        """What this clock would have shown at the boot; changes by steps alone."""
        return self._at_boot

    def step_to(self, at_boot: datetime) -> None:
        self._at_boot = at_boot

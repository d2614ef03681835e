"""Clock of the core: advances with the PC's uptime and is set only together with the stored moments."""

import asyncio
from datetime import datetime, timedelta

from app.ports.clock import Clock


class SteppedClock:
    """Implementation of ports.clock.Clock that hides settings of the PC's clock between two steps.

    So all moments written between two steps go by one clock, and one step shifts all of them.
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
        """Time of the PC's own clock, right or wrong."""
        return self._system.now()

    @property
    def at_boot(self) -> datetime:
        """Time of this clock at the boot; only steps change it."""
        return self._at_boot

    def step_to(self, at_boot: datetime) -> None:
        self._at_boot = at_boot

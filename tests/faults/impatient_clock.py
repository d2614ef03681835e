"""The machine's clock for a program whose own waits are cut short, and whose PC may sleep."""

import asyncio
from datetime import datetime, timedelta

from app.adapters.system.clock import SystemClock


class ImpatientClock(SystemClock):
    """No wait is longer than `longest`; what is measured, and what is said of it, stays true."""

    def __init__(self, longest: timedelta = timedelta(seconds=3)) -> None:
        self.longest = longest
        self._slept = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self._slept

    def oversleep(self, length: timedelta) -> None:
        """Only the wall clock notices that the PC slept."""
        self._slept += length

    async def sleep(self, length: timedelta) -> None:
        await super().sleep(min(length, self.longest))

    async def wait(self, happening: asyncio.Event, at_most: timedelta | None) -> bool:
        return await super().wait(happening, None if at_most is None else min(at_most, self.longest))

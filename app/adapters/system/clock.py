"""Clock port over the operating system's clocks."""

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta
from typing import Final

_NOTHING: Final = timedelta(0)
# CLOCK_MONOTONIC stops during sleep on Linux; on Windows the only steady clock counts sleep anyway.
_SINCE_BOOT: Final = getattr(time, "CLOCK_BOOTTIME", None)


class SystemClock:
    """Wall clock, monotonic clock and waits.

    Some event loops wake their sleepers early: each wait continues until the steady clock has reached its end.
    """

    def now(self) -> datetime:
        return datetime.now(UTC)

    def steady(self) -> timedelta:
        return timedelta(microseconds=time.monotonic_ns() // 1000)

    def elapsed(self) -> timedelta:
        if _SINCE_BOOT is None:
            return self.steady()
        return timedelta(microseconds=time.clock_gettime_ns(_SINCE_BOOT) // 1000)

    async def sleep(self, length: timedelta) -> None:
        due = self.steady() + length
        while (left := due - self.steady()) > _NOTHING:  # noqa: ASYNC110 - time sets no event
            await asyncio.sleep(left.total_seconds())

    async def wait(self, happening: asyncio.Event, at_most: timedelta | None) -> bool:
        if at_most is None:
            return await happening.wait()
        due = self.steady() + at_most
        while not happening.is_set() and (left := due - self.steady()) > _NOTHING:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left.total_seconds()):
                    await happening.wait()
        return happening.is_set()

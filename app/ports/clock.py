"""Port of time: wall clock, monotonic clocks, sleep."""

import asyncio
from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present moment, aware, UTC; may jump when the PC's clock is set."""
        ...

    def steady(self) -> timedelta:
        """Return the monotonic time since an arbitrary start; never jumps, and stops while the PC sleeps."""
        ...

    def elapsed(self) -> timedelta:
        """Return the monotonic time since an arbitrary start, the PC's sleep included; it cannot be set."""
        ...

    async def sleep(self, length: timedelta) -> None:
        """Return when at least `length` has passed on the monotonic clock."""
        ...

    async def wait(self, happening: asyncio.Event, at_most: timedelta | None) -> bool:
        """Wait for `happening`, but not longer than `at_most`; True when it happened."""
        ...

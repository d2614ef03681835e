"""Time as the core sees it."""

import asyncio
from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, UTC; may jump when somebody sets the PC's clock."""
        ...

    def steady(self) -> timedelta:
        """Time since an arbitrary start; never jumps, and stands still while the PC sleeps."""
        ...

    def elapsed(self) -> timedelta:
        """Time since an arbitrary start, the PC's sleep included; nobody can set it."""
        ...

    async def sleep(self, length: timedelta) -> None:
        """Return when at least `length` has passed on the steady clock."""
        ...

    async def wait(self, happening: asyncio.Event, at_most: timedelta | None) -> bool:
        """Wait for `happening`, but not longer than `at_most`; True when it happened."""
        ...

"""Watchdog of a socket that reports nothing."""

from collections.abc import Awaitable, Callable

from app.domain.session import REPORTS_WITHIN
from app.ports.clock import Clock
from app.services.background_tasks import BackgroundTasks


class ReportWatchdog:
    """Calls `silent` once if a socket has reported nothing in time; each report starts no new wait."""

    def __init__(self, clock: Clock, tasks: BackgroundTasks, silent: Callable[[], Awaitable[None]]) -> None:
        self._clock, self._tasks, self._silent = clock, tasks, silent
        self._reports = 0

    def record_report(self) -> None:
        self._reports += 1

    def await_report(self) -> None:
        """Start the wait: a new socket has to report soon, a paired one to close."""
        self._reports += 1
        self._tasks.start(self._wait(self._reports), "connect_watchdog")

    async def _wait(self, heard: int) -> None:
        await self._clock.sleep(REPORTS_WITHIN)
        if heard == self._reports:
            await self._silent()

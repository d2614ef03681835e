"""Coalescing refresh: requests during a query cause one more query after it."""

import asyncio
from collections.abc import Awaitable, Callable

from app.ui.task_runner import TaskRunner


class CoalescedRefresh:
    """Runs `query` on request, never twice at the same time."""

    def __init__(self, runner: TaskRunner, query: Callable[[], Awaitable[None]]) -> None:
        self._runner, self._query = runner, query
        self._running = self._requested = False

    def request(self) -> None:
        if self._running:
            self._requested = True
            return
        # Here, as the task begins later: a second request until then must not start another.
        self._running = True
        self._runner.start(self._run(), name=self._query.__qualname__)

    async def _run(self) -> None:
        try:
            await self._query()
        except asyncio.CancelledError:
            self._requested = False
            raise
        finally:
            self._running = False
            if self._requested:
                self._requested = False
                self.request()

"""Background loops of the core: started together, restarted with backoff, visible with their health."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.backoff import backoff_pause
from app.domain.errors import CocoLokoError
from app.domain.events import ProblemReported
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.services.background_tasks import BackgroundTasks
from app.services.event_bus import EventBus

_log = logging.getLogger(__name__)

BACKGROUND_FAILED: Final = "background_failed"
"""Code of the problem reported for an error without a sentence of its own."""
_RETURNED: Final = "returned"
# A loop that ran for so long has recovered: its next failure is a new outage.
_RECOVERED_AFTER: Final = timedelta(minutes=1)

Run = Callable[[], Awaitable[None]]


class LoopState(StrEnum):
    RUNNING = "running"
    RESTARTING = "restarting"


@dataclass(frozen=True, slots=True)
class LoopHealth:
    """Snapshot of one loop; `failures` are all since the program started, `since` is when `state` began."""

    name: str
    state: LoopState
    since: datetime
    failures: int = 0
    last_error: str | None = None
    """Type of the last exception, never its message, which may be personal."""


class BackgroundLoops:
    """Supervisor of the loops that run as long as the core does (Z2).

    A loop that raises, returns, or is cancelled other than by `BackgroundTasks.stop` is logged, reported once per
    outage, and restarted with a backoff from a second to a minute.
    """

    def __init__(self, tasks: BackgroundTasks, bus: EventBus, clock: Clock, entropy: Entropy) -> None:
        self._tasks, self._bus, self._clock, self._entropy = tasks, bus, clock, entropy
        self._loops: dict[str, Run] = {}
        self._health: dict[str, LoopHealth] = {}

    def add(self, name: str, run: Run) -> None:
        """Register a loop; `run` is called anew for each restart and must resume the work of the last one."""
        self._loops[name] = run

    def start(self) -> None:
        """Start every registered loop; they end with the tasks of the core."""
        for name, run in self._loops.items():
            self._health[name] = LoopHealth(name, LoopState.RUNNING, self._clock.now())
            self._tasks.start(self._supervise(name, run), name)

    def health(self) -> Sequence[LoopHealth]:
        """Return the present health of each loop, in the order in which they were added."""
        return tuple(self._health.values())

    async def _supervise(self, name: str, run: Run) -> None:
        in_a_row = 0
        while True:
            began = self._clock.steady()
            error = await _failure_of(run)
            if self._clock.steady() - began >= _RECOVERED_AFTER:
                in_a_row = 0
            in_a_row += 1
            self._failed(name, error, is_news=in_a_row == 1)
            await self._clock.sleep(backoff_pause(in_a_row, self._entropy.fraction()))
            self._turned(name, LoopState.RUNNING)

    def _failed(self, name: str, error: BaseException | None, *, is_news: bool) -> None:
        last_error = type(error).__name__ if error else _RETURNED
        _log.error("task_failed", extra={"task": name, "error": last_error}, exc_info=error)
        self._turned(name, LoopState.RESTARTING)
        health = self._health[name]
        self._health[name] = replace(health, failures=health.failures + 1, last_error=last_error)
        if is_news:
            code = error.code if isinstance(error, CocoLokoError) else BACKGROUND_FAILED
            self._bus.publish(ProblemReported(code))

    def _turned(self, name: str, state: LoopState) -> None:
        self._health[name] = replace(self._health[name], state=state, since=self._clock.now())


async def _failure_of(run: Run) -> BaseException | None:
    """Return the error that ended the loop, or None if it returned; raise only our own cancellation."""
    try:
        await run()
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        # An awaited future was cancelled by its owner: for this loop that is a failure like any other.
        return error
    except Exception as error:  # noqa: BLE001 - the supervisor outlives every failure of a loop
        return error
    return None

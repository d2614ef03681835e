"""Background tasks: strong references, logged failures, retries with backoff, bounded end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from itertools import count
from typing import Any, Final, TypeVar

from app.domain.backoff import backoff_pause
from app.domain.errors import DatabaseUnreadableError, DiskFullError, RetryLaterError
from app.ports.clock import Clock

T = TypeVar("T")

_log = logging.getLogger(__name__)

TRANSIENT_ERRORS: Final = (RetryLaterError, DiskFullError, DatabaseUnreadableError)
"""Failures of database, disk or connection after which the same call may succeed; not defects."""


class BackgroundTasks:
    """Keeps a strong reference to each running task, and logs its failure at once."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        task = asyncio.create_task(work, name=name)  # noqa: TID251 - the one place that starts tasks
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def retry(self, work: Callable[[], Awaitable[T]], name: str, clock: Clock) -> asyncio.Task[T]:
        """Start `run_with_retries(work)` as a task, for work that must succeed after an event."""
        return self.start(run_with_retries(work, clock), name)

    async def stop(self) -> None:
        """Cancel all and wait for their end."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("task_failed", extra={"task": task.get_name()}, exc_info=error)


async def run_with_retries(work: Callable[[], Awaitable[T]], clock: Clock) -> T:
    """Return the result of `work`, retried with backoff while it raises one of `TRANSIENT_ERRORS`.

    `work` must be idempotent and take the present time itself: minutes may lie between two calls.
    """
    for failures in count(1):
        try:
            return await work()
        except TRANSIENT_ERRORS as error:
            _log.warning("task_retried", extra={"task": _task_name(), "code": error.code})
            await clock.sleep(backoff_pause(failures, 1))
    raise AssertionError  # pragma: no cover - the count has no end


def _task_name() -> str:
    task = asyncio.current_task()
    return task.get_name() if task else ""


async def run_shielded(work: Coroutine[Any, Any, None]) -> None:
    """Await bounded work to its end despite cancellation, then raise the cancellation."""
    task = asyncio.create_task(work)  # noqa: TID251 - awaited here in every case
    cancelled = False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = True
    await task
    if cancelled:
        raise asyncio.CancelledError

"""Thread that owns one database connection and runs units of work on it in order."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from app.adapters.sqlite.failures import translated
from app.adapters.sqlite.file_guard import FileGuard
from app.adapters.sqlite.group_commit import GroupedWork, run_together
from app.domain.errors import DatabaseUnreadableError

T = TypeVar("T")

_log = logging.getLogger(__name__)


class _QueuedWork(GroupedWork):
    """Unit of work with the event loop and the future of its caller."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(work)
        self.loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[Any] = self.loop.create_future()

    def resolve(self) -> None:
        """Resolve the caller's future, in its event loop."""
        if self.answer.done():
            return
        if self.error is None:
            self.answer.set_result(self.result)
        elif isinstance(self.error, StopIteration):
            # A future refuses StopIteration: neither this result nor those behind it would be delivered.
            self.answer.set_exception(RuntimeError("a unit of work raised StopIteration"))
        else:
            self.answer.set_exception(self.error)


class ConnectionThread:
    """Connection in a thread of its own, with group commit.

    Up to `most_together` waiting units of work share one transaction and its commit.
    """

    def __init__(self, engine: Engine, name: str, most_together: int = 1) -> None:
        self._most_together = most_together
        self._guard: FileGuard | None = None
        self._waiting: deque[_QueuedWork] = deque()
        self._scheduled = False
        """True while a run of the queue is scheduled and has not begun."""
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        try:
            self._connection = self._executor.submit(_connect, engine).result()
        except BaseException:
            self._executor.shutdown()
            raise

    @property
    def connection(self) -> Connection:
        """Return the connection, for statements that `run` alone executes."""
        return self._connection

    def guarded_by(self, guard: FileGuard) -> FileGuard:
        """Check the file guard before each transaction and after each commit from now on."""
        self._guard = guard
        return guard

    async def run(self, work: Callable[[], T]) -> T:
        """Run a unit of work in a transaction and return its result.

        A caller that is cancelled while waiting does not interrupt it: it is committed or rolled back as a whole.
        """
        waiting = _QueuedWork(work)
        self._waiting.append(waiting)
        if not self._scheduled:
            self._schedule(waiting)
        result: T = await waiting.answer
        return result

    def run_blocking(self, work: Callable[[], T]) -> T:
        """Run a unit of work in a transaction while the store is opened, without an event loop."""
        return self._executor.submit(self._run_alone, work).result()

    def abandon(self) -> None:
        """Close the connection without an event loop, after the store failed to open."""
        ended = self._executor.submit(self._end, None)
        self._executor.shutdown()
        ended.result()

    async def execute(self, *statements: str) -> None:
        """Execute statements outside of a transaction, one after another."""
        await asyncio.get_running_loop().run_in_executor(self._executor, self._execute, statements)

    async def close(self, final_statement: str | None = None) -> None:
        """Close after all work that was requested before; later requests are refused."""
        ended = self._executor.submit(self._end, final_statement)
        self._executor.shutdown(wait=False)
        await asyncio.wrap_future(ended)

    def _schedule(self, waiting: _QueuedWork) -> None:
        self._scheduled = True
        try:
            self._executor.submit(self._run_queue)
        except RuntimeError:
            self._scheduled = False
            self._waiting.remove(waiting)
            raise

    def _run_queue(self) -> None:
        """Run all queued work; requests that missed one commit join the next."""
        # Reset first: work queued until here is run below, later work schedules a new run.
        self._scheduled = False
        while self._waiting:
            served = self._run_batch()
            for loop, theirs in groupby(served, key=lambda each: each.loop):
                # A closed loop raises RuntimeError; its callers wait no more.
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(_resolve_all, tuple(theirs))

    def _run_batch(self) -> Sequence[_QueuedWork]:
        """Run the waiting units of work; each gets an answer, also when the commit itself fails (Z2)."""
        taken: list[_QueuedWork] = []
        try:
            if trouble := self._trouble():
                list(self._next_batch(taken))
            else:
                run_together(self._connection, self._next_batch(taken))
                trouble = self._trouble(after_own_writing=True)
            if trouble:
                _fail_unfailed(taken, trouble)
        except BaseException as error:  # noqa: BLE001 - passed to all waiting callers
            _log.exception("commit_failed", extra={"error": type(error).__name__})
            for each in taken:
                each.fail(error)
        return taken

    def _trouble(self, *, after_own_writing: bool = False) -> DatabaseUnreadableError | None:
        return self._guard.trouble(after_own_writing=after_own_writing) if self._guard else None

    def _next_batch(self, taken: list[_QueuedWork]) -> Iterator[_QueuedWork]:
        """Yield the waiting units of work; one that its caller cancelled before the start is skipped."""
        while self._waiting and len(taken) < self._most_together:
            waiting = self._waiting.popleft()
            if not waiting.answer.cancelled():
                taken.append(waiting)
                yield waiting

    def _run_alone(self, work: Callable[[], T]) -> T:
        with translated(), self._connection.begin():
            return work()

    def _execute(self, statements: tuple[str, ...]) -> None:
        if trouble := self._trouble():
            raise trouble
        with translated():
            for statement in statements:
                self._connection.connection.cursor().execute(statement).fetchall()
        if trouble := self._trouble(after_own_writing=True):
            raise trouble

    def _end(self, final_statement: str | None) -> None:
        with translated(), self._connection:
            if final_statement is not None:
                self._connection.connection.cursor().execute(final_statement)


def _resolve_all(served: Sequence[_QueuedWork]) -> None:
    for each in served:
        each.resolve()


def _fail_unfailed(served: Sequence[_QueuedWork], trouble: DatabaseUnreadableError) -> None:
    for each in served:
        if each.error is None:
            each.fail(trouble)


def _connect(engine: Engine) -> Connection:
    with translated():
        return engine.connect()

"""One connection that lives in a thread of its own, and does one unit of work after the other there."""

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
    """Somebody on an event loop waits for it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(work)
        self.loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[Any] = self.loop.create_future()

    def tell(self) -> None:
        if self.answer.done():
            return
        if self.error is None:
            self.answer.set_result(self.result)
        elif isinstance(self.error, StopIteration):
            # A future takes none: it would refuse this answer, and those behind it would never be given.
            self.answer.set_exception(RuntimeError("a unit of work raised StopIteration"))
        else:
            self.answer.set_exception(self.error)


class ConnectionThread:
    """Up to `most_together` units of work that wait share one transaction and its commit."""

    def __init__(self, engine: Engine, name: str, most_together: int = 1) -> None:
        self._most_together = most_together
        self._guard: FileGuard | None = None
        self._waiting: deque[_QueuedWork] = deque()
        self._called = False
        """Whether somebody has asked to be served and nobody has begun to."""
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        try:
            self._connection = self._executor.submit(_connect, engine).result()
        except BaseException:
            self._executor.shutdown()
            raise

    @property
    def connection(self) -> Connection:
        """For statements that are run by `run` alone."""
        return self._connection

    def guarded_by(self, guard: FileGuard) -> FileGuard:
        """Check the file guard before each transaction and after each commit from now on."""
        self._guard = guard
        return guard

    async def run(self, work: Callable[[], T]) -> T:
        """In a transaction. Who is cancelled while waiting leaves it to end as it would have: whole or not at all."""
        waiting = _QueuedWork(work)
        self._waiting.append(waiting)
        if not self._called:
            self._call(waiting)
        result: T = await waiting.answer
        return result

    def run_blocking(self, work: Callable[[], T]) -> T:
        """Run a unit of work in a transaction, without an event loop, while the store is opened."""
        return self._executor.submit(self._run_alone, work).result()

    def abandon(self) -> None:
        """Close the connection without an event loop, where the store could not be opened."""
        ended = self._executor.submit(self._end, None)
        self._executor.shutdown()
        ended.result()

    async def say(self, *words: str) -> None:
        """Statements that stand in no transaction, one after the other."""
        await asyncio.get_running_loop().run_in_executor(self._executor, self._say, words)

    async def close(self, last_words: str | None = None) -> None:
        """After everything that was asked before; nothing can be asked afterwards."""
        ended = self._executor.submit(self._end, last_words)
        self._executor.shutdown(wait=False)
        await asyncio.wrap_future(ended)

    def _call(self, waiting: _QueuedWork) -> None:
        self._called = True
        try:
            self._executor.submit(self._serve)
        except RuntimeError:
            self._called = False
            self._waiting.remove(waiting)
            raise

    def _serve(self) -> None:
        """Those who came too late for one commit are served by the next."""
        # First of all: whoever is in the queue by now is served here, whoever comes later may call anew.
        self._called = False
        while self._waiting:
            served = self._served()
            for loop, theirs in groupby(served, key=lambda each: each.loop):
                # Whose loop is closed waits no more.
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(_tell, tuple(theirs))

    def _served(self) -> Sequence[_QueuedWork]:
        """Run the waiting units of work; each is answered, also when the commit itself fails (Z2)."""
        taken: list[_QueuedWork] = []
        try:
            if trouble := self._trouble():
                list(self._taken(taken))
            else:
                run_together(self._connection, self._taken(taken))
                trouble = self._trouble(after_own_writing=True)
            if trouble:
                _fail_unfailed(taken, trouble)
        except BaseException as error:  # noqa: BLE001 - carried to everybody who waits
            _log.exception("commit_failed", extra={"error": type(error).__name__})
            for each in taken:
                each.fail(error)
        return taken

    def _trouble(self, *, after_own_writing: bool = False) -> DatabaseUnreadableError | None:
        return self._guard.trouble(after_own_writing=after_own_writing) if self._guard else None

    def _taken(self, taken: list[_QueuedWork]) -> Iterator[_QueuedWork]:
        """Whoever stopped waiting before it was begun is passed over."""
        while self._waiting and len(taken) < self._most_together:
            waiting = self._waiting.popleft()
            if not waiting.answer.cancelled():
                taken.append(waiting)
                yield waiting

    def _run_alone(self, work: Callable[[], T]) -> T:
        with translated(), self._connection.begin():
            return work()

    def _say(self, words: tuple[str, ...]) -> None:
        if trouble := self._trouble():
            raise trouble
        with translated():
            for statement in words:
                self._connection.connection.cursor().execute(statement).fetchall()
        if trouble := self._trouble(after_own_writing=True):
            raise trouble

    def _end(self, last_words: str | None) -> None:
        with translated(), self._connection:
            if last_words is not None:
                self._connection.connection.cursor().execute(last_words)


def _tell(served: Sequence[_QueuedWork]) -> None:
    for each in served:
        each.tell()


def _fail_unfailed(served: Sequence[_QueuedWork], trouble: DatabaseUnreadableError) -> None:
    for each in served:
        if each.error is None:
            each.fail(trouble)


def _connect(engine: Engine) -> Connection:
    with translated():
        return engine.connect()

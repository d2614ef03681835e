"""One connection that lives in a thread of its own, and does one unit of work after the other there."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine

from app.adapters.sqlite.failures import translated

T = TypeVar("T")


class ConnectionThread:
    def __init__(self, engine: Engine, name: str) -> None:
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

    async def run(self, work: Callable[[], T]) -> T:
        """One transaction. Who is cancelled while waiting leaves it to end as it would have: whole or not at all."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._transaction, work)

    async def say(self, *words: str) -> None:
        """Statements that stand in no transaction, one after the other."""
        await asyncio.get_running_loop().run_in_executor(self._executor, self._say, words)

    async def close(self, last_words: str | None = None) -> None:
        """After everything that was asked before; nothing can be asked afterwards."""
        ended = self._executor.submit(self._end, last_words)
        self._executor.shutdown(wait=False)
        await asyncio.wrap_future(ended)

    def _transaction(self, work: Callable[[], T]) -> T:
        with translated(), self._connection.begin():
            return work()

    def _say(self, words: tuple[str, ...]) -> None:
        with translated():
            for statement in words:
                self._connection.connection.cursor().execute(statement).fetchall()

    def _end(self, last_words: str | None) -> None:
        with translated(), self._connection:
            if last_words is not None:
                self._connection.connection.cursor().execute(last_words)


def _connect(engine: Engine) -> Connection:
    with translated():
        return engine.connect()

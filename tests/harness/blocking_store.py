"""Store on disk that answers before a simulated clock moves on."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from app.adapters.sqlite import SqliteStore
from app.ports.store import Rows

T = TypeVar("T")


class BlockingStore:
    """Runs each unit of work to its end within the caller's turn; a `MovedClock` does not wait for threads."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.on_unreadable, self.check = store.on_unreadable, store.check
        self.shed_log, self.close = store.shed_log, store.close

    async def transact(self, work: Callable[[Rows], T]) -> T:
        await asyncio.sleep(0)  # noqa: TID251 - a turn for other tasks, no wait
        return self._store._writer.run_blocking(lambda: work(self._store._written))

    async def read(self, work: Callable[[Rows], T]) -> T:
        await asyncio.sleep(0)  # noqa: TID251 - a turn for other tasks, no wait
        return self._store._reader.run_blocking(lambda: work(self._store._seen))

    async def read_for_screen(self, work: Callable[[Rows], T]) -> T:
        return await self.read(work)

"""A store in memory whose commits can be held up, as by a slow disk, while reading goes on."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from app.ports.store import Rows
from tests.simulators.memory_store import MemoryStore

T = TypeVar("T")


class HeldStore(MemoryStore):
    """Transactions wait while `commits` is cleared."""

    def __init__(self) -> None:
        super().__init__()
        self.commits = asyncio.Event()
        self.commits.set()

    async def transact(self, work: Callable[[Rows], T]) -> T:
        await self.commits.wait()
        return await super().transact(work)

"""A store in memory that another program can hold."""

from collections.abc import Callable
from typing import TypeVar

from app.domain.errors import DatabaseBusyError
from app.ports.store import Rows
from tests.simulators.memory_store import MemoryStore

T = TypeVar("T")


class BusyStore(MemoryStore):
    """While `busy`, nothing can be written."""

    busy = False

    async def transact(self, work: Callable[[Rows], T]) -> T:
        if self.busy:
            raise DatabaseBusyError
        return await super().transact(work)

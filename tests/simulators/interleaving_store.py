"""A store in memory that lets another act happen between a reading and the saving after it."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from app.ports.store import Rows
from tests.harness.shop import Shop, in_shop
from tests.simulators.memory_store import MemoryStore

T = TypeVar("T")


class InterleavingStore(MemoryStore):
    """`meanwhile` is done once: after the next reading, or before the next transaction where none comes first."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def read(self, work: Callable[[Rows], T]) -> T:
        found = await super().read(work)
        await self._let_happen()
        return found

    async def transact(self, work: Callable[[Rows], T]) -> T:
        await self._let_happen()
        return await super().transact(work)

    async def _let_happen(self) -> None:
        act, self.meanwhile = self.meanwhile, None
        if act:
            await act()


def in_interleaved_shop(story: Callable[[Shop, InterleavingStore], Awaitable[None]], **choices: Any) -> None:
    """Run one story in a fresh shop over an interleaving store."""
    store = InterleavingStore()
    in_shop(lambda shop: story(shop, store), store=store, **choices)

"""Core start: a database held by another program refuses the start with its reason."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest

from app.domain.errors import DatabaseBusyError, DatabaseHeldError
from app.ports.store import Rows
from tests.harness.shop import open_shop
from tests.simulators.memory_store import MemoryStore

T = TypeVar("T")


class HeldStore(MemoryStore):
    async def transact(self, work: Callable[[Rows], T]) -> T:  # noqa: ARG002 - nothing is done
        raise DatabaseBusyError


def test_database_busy_at_the_start_stops_the_program_with_its_sentence() -> None:
    async def story() -> None:
        with pytest.raises(DatabaseHeldError):
            async with open_shop(paired=False, store=HeldStore()):
                pytest.fail("it opened")

    asyncio.run(story())

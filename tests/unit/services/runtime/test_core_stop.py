"""Core stop: messages in flight are answered and written before the messenger stops."""

import asyncio

import pytest

from app.domain.notification import State
from tests.harness.every_notification import in_state
from tests.harness.shop import Shop, open_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import let_tasks_run


async def _answer_once_it_ends(shop: Shop) -> None:
    """The stop waits for the answer by then, and nothing else happens."""
    await let_tasks_run()
    shop.messenger.gate.set()


@pytest.mark.requirement("Q4")
def test_core_waits_for_the_answer_to_a_text_before_the_messenger_stops() -> None:
    async def day() -> None:
        store = MemoryStore()
        async with asyncio.TaskGroup() as tasks, open_shop(store=store) as shop:
            shop.messenger.gate.clear()
            await shop.see(shop.order(1))
            tasks.create_task(_answer_once_it_ends(shop))
        (row,) = await store.read(lambda rows: in_state(rows, State.SENT))
        assert row.doubted_at is None

    asyncio.run(day())

"""The queue's reading waits for no screen's."""

import asyncio
import threading
from pathlib import Path

import pytest

from app.ports.store import Rows
from tests.contracts.asked_store import NOW, owed
from tests.harness.opened_store import open_training_store


@pytest.mark.requirement("Z4", "Q1")
def test_queue_reads_while_a_screen_is_still_reading(tmp_path: Path) -> None:
    over = threading.Event()

    def long_look(rows: Rows) -> int:
        assert over.wait(30)
        return rows.notifications.sent_since(NOW)

    async def story() -> None:
        store = open_training_store(tmp_path)
        screen = asyncio.ensure_future(store.read_for_screen(long_look))  # noqa: TID251 - both at once
        await store.transact(lambda rows: rows.notifications.add(owed()))
        assert await store.read(lambda rows: rows.notifications.get(owed().id)) is not None
        assert not screen.done()
        over.set()
        assert await screen == 0
        assert await store.read_for_screen(lambda rows: rows.notifications.get(owed().id)) is not None
        await store.close()

    asyncio.run(story())

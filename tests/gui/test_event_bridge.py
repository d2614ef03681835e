"""Event bridge and task runner: coalesced events, isolated failures of slots."""

import asyncio
import logging

import pytest

from app.domain.errors import DiskFullError
from app.domain.events import OrderChanged
from app.services.text.message_catalog import Sentence
from app.ui.event_bridge import COALESCE_MILLISECONDS, EventBridge
from app.ui.task_runner import TaskRunner
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.shop import open_shop
from tests.harness.waiting import wait_until
from tests.harness.window_shop import SENTENCES, for_a_while


def test_a_hundred_events_are_told_at_once(theme: Theme, arun: Run) -> None:
    del theme

    async def story() -> None:
        async with open_shop() as shop:
            bridge = EventBridge(shop.core)
            told: list[frozenset[str]] = []
            bridge.orders_changed.connect(told.append)
            for number in range(100):
                shop.core.bus.publish(OrderChanged(shop.order(number)))
            assert told == []
            await wait_until(lambda: told)
            assert [len(orders) for orders in told] == [100]
            assert COALESCE_MILLISECONDS == 50
            bridge.close()
            shop.core.bus.publish(OrderChanged(shop.order(1)))
            bridge.flush()
            assert len(told) == 1

    arun(story())


def test_event_bridge_shows_a_failure_and_keeps_its_words_out_of_the_log(
    arun: Run, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails() -> None:
        raise ValueError("João Silva +5573999548537")

    async def refused() -> None:
        raise DiskFullError

    async def story() -> None:
        runner = TaskRunner(SENTENCES)
        said: list[Sentence] = []
        runner.problem_reported.connect(said.append)
        with caplog.at_level(logging.DEBUG):
            runner.start(fails())
            await wait_until(lambda: said)
        assert said == [SENTENCES.of_code("unexpected")]
        assert "João" not in caplog.text
        assert "99954" not in caplog.text
        assert caplog.records[-1].__dict__["error_type"] == "ValueError"
        runner.start(refused(), lambda error: error.code == "disk_full")
        await for_a_while()
        assert len(said) == 1
        await runner.stop()

    arun(story())


def test_work_that_is_still_running_ends_with_its_runner(arun: Run) -> None:
    async def story() -> None:
        runner, forever = TaskRunner(SENTENCES), asyncio.Event()
        tasks = [runner.start(forever.wait()) for _ in range(2)]
        await for_a_while(3)
        tasks.append(runner.start(forever.wait()))
        await runner.stop()
        assert all(task.cancelled() for task in tasks)

    arun(story())


@pytest.mark.requirement("D4")
def test_bridge_tells_the_names_of_changed_settings(theme: Theme, arun: Run) -> None:
    del theme

    async def story() -> None:
        async with open_shop() as shop:
            bridge = EventBridge(shop.core)
            told: list[frozenset[str]] = []
            bridge.settings_changed.connect(told.append)
            await shop.core.settings.change("UNDO_SECONDS", 9)
            assert told == [frozenset({"UNDO_SECONDS"})]
            bridge.close()

    arun(story())

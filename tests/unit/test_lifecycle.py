"""Tasks are never forgotten, and an end that has begun is not cut short."""

import asyncio
import logging

import pytest

from app.services.lifecycle import Tasks, undisturbed
from tests.simulators.moved_clock import let_tasks_run


def test_an_end_that_was_asked_for_twice_is_carried_out_whole() -> None:
    async def story() -> None:
        door, steps = asyncio.Event(), list[str]()

        async def end() -> None:
            await door.wait()
            steps.append("closed")

        async def ended() -> None:
            try:
                await undisturbed(end())
            finally:
                steps.append("told")

        ending = asyncio.get_running_loop().create_task(ended())
        for _ in range(2):
            await let_tasks_run()
            ending.cancel()
        await let_tasks_run()
        assert steps == []
        door.set()
        with pytest.raises(asyncio.CancelledError):
            await ending
        assert steps == ["closed", "told"]

    asyncio.run(story())


def test_a_task_that_fails_is_logged_and_those_that_run_are_ended(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        tasks = Tasks()

        async def fail() -> None:
            raise ValueError

        tasks.start(fail(), "fails")
        endless = tasks.start(asyncio.Event().wait(), "endless")
        await let_tasks_run()
        await tasks.stop()
        assert endless.cancelled()

    with caplog.at_level(logging.ERROR):
        asyncio.run(story())
    assert [(record.message, getattr(record, "task", None)) for record in caplog.records] == [
        ("task_failed", "fails")
    ]

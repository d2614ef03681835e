"""Background tasks: none is lost, and a shielded end is not cut short."""

import asyncio
import logging
from datetime import timedelta

import pytest

from app.domain.errors import CocoLokoError, DatabaseBusyError, DiskFullError, OptedOutError
from app.services.background_tasks import BackgroundTasks, run_shielded
from tests.simulators.moved_clock import MovedClock, let_tasks_run


def test_an_end_that_was_asked_for_twice_is_carried_out_whole() -> None:
    async def story() -> None:
        door, steps = asyncio.Event(), list[str]()

        async def end() -> None:
            await door.wait()
            steps.append("closed")

        async def ended() -> None:
            try:
                await run_shielded(end())
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
        tasks = BackgroundTasks()

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


class _Refused:
    """Work that meets these errors, in order, before it is done."""

    def __init__(self, *errors: CocoLokoError) -> None:
        self.errors, self.calls = list(errors), 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


@pytest.mark.requirement("Z2")
def test_retry_calls_again_with_backoff_while_the_failure_is_passing() -> None:
    async def story() -> None:
        clock, tasks = MovedClock(), BackgroundTasks()
        work = _Refused(DatabaseBusyError(), DiskFullError(), DatabaseBusyError())
        task = tasks.retry(work, "owed", clock)
        for seconds, calls in ((0.9, 1), (0.1, 2), (1.9, 2), (0.1, 3), (3.9, 3)):
            await clock.advance(timedelta(seconds=seconds))
            assert (work.calls, task.done()) == (calls, False)
        await clock.advance(timedelta(seconds=0.1))
        assert await task == "done"

    asyncio.run(story())


@pytest.mark.requirement("Z2")
def test_retry_waits_a_minute_at_most_and_ends_with_the_tasks() -> None:
    async def story() -> None:
        clock, tasks = MovedClock(), BackgroundTasks()
        work = _Refused(*[DatabaseBusyError()] * 99)
        task = tasks.retry(work, "owed", clock)
        await clock.advance(timedelta(minutes=2))
        before = work.calls
        await clock.advance(timedelta(minutes=10))
        assert work.calls == before + 10
        await tasks.stop()
        assert task.cancelled()

    asyncio.run(story())


def test_retry_gives_up_when_the_failure_is_not_passing(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        clock, tasks = MovedClock(), BackgroundTasks()
        work = _Refused(OptedOutError())
        tasks.retry(work, "owed", clock)
        await clock.advance(timedelta(minutes=5))
        assert work.calls == 1

    asyncio.run(story())
    assert [record.message for record in caplog.records] == ["task_failed"]

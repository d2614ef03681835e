"""Coalescing refresh: one query at a time, one more after requests during it."""

import asyncio

from app.domain.errors import DiskFullError
from app.ui.coalesced_refresh import CoalescedRefresh
from app.ui.task_runner import TaskRunner
from tests.gui.conftest import Run
from tests.harness.window_shop import SENTENCES, for_a_while


def test_refresh_queries_once_more_after_requests_during_a_query(arun: Run) -> None:
    async def story() -> None:
        runner, answers = TaskRunner(SENTENCES), [asyncio.Event() for _ in range(3)]
        begun: list[int] = []

        async def query() -> None:
            begun.append(len(begun))
            await answers[begun[-1]].wait()

        refresh = CoalescedRefresh(runner, query)
        for _ in range(3):
            refresh.request()
            await for_a_while(3)
        assert begun == [0]
        for number in (0, 1):
            answers[number].set()
            await for_a_while(10)
        assert begun == [0, 1]
        refresh.request()
        await for_a_while(3)
        assert begun == [0, 1, 2]
        await runner.stop()

    arun(story())


def test_refresh_queries_again_on_request_after_a_failed_query(arun: Run) -> None:
    async def story() -> None:
        runner, begun = TaskRunner(SENTENCES), list[int]()

        async def query() -> None:
            begun.append(len(begun))
            raise DiskFullError

        refresh = CoalescedRefresh(runner, query)
        for _ in range(2):
            refresh.request()
            await for_a_while(10)
        assert begun == [0, 1]
        await runner.stop()

    arun(story())


def test_refresh_runs_one_query_when_it_is_requested_twice_at_once(arun: Run) -> None:
    async def story() -> None:
        runner, answer, begun = TaskRunner(SENTENCES), asyncio.Event(), list[int]()

        async def query() -> None:
            begun.append(len(begun))
            await answer.wait()

        refresh = CoalescedRefresh(runner, query)
        refresh.request()
        refresh.request()
        await for_a_while(5)
        assert begun == [0]
        answer.set()
        await for_a_while(10)
        assert begun == [0, 1]
        await runner.stop()

    arun(story())


def test_refresh_queries_once_more_when_the_query_failed_meanwhile(arun: Run) -> None:
    async def story() -> None:
        runner, answer, begun = TaskRunner(SENTENCES), asyncio.Event(), list[int]()

        async def query() -> None:
            begun.append(len(begun))
            await answer.wait()
            if begun == [0]:
                raise DiskFullError

        refresh = CoalescedRefresh(runner, query)
        refresh.request()
        await for_a_while(3)
        refresh.request()
        answer.set()
        await for_a_while(10)
        assert begun == [0, 1]
        await runner.stop()

    arun(story())


def test_refresh_starts_no_query_after_the_runner_has_stopped(arun: Run) -> None:
    async def story() -> None:
        runner, begun = TaskRunner(SENTENCES), list[int]()

        async def query() -> None:
            begun.append(len(begun))
            await asyncio.Event().wait()

        refresh = CoalescedRefresh(runner, query)
        refresh.request()
        await for_a_while(3)
        refresh.request()
        await runner.stop()
        await for_a_while(5)
        assert begun == [0]

    arun(story())

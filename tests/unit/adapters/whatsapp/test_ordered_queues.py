"""Ordered queues of sidecar messages: each family stays in order, independent ones overlap."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from app.adapters.whatsapp.ordered_queues import OrderedQueue
from tests.simulators.moved_clock import let_tasks_run


class Road:
    """A lane with works that end when they are told to."""

    def __init__(self) -> None:
        self.lane = OrderedQueue(logging.getLogger("lanes"))
        self.begun: list[str] = []
        self.over: list[str] = []
        self._may_end: dict[str, asyncio.Event] = {}

    def add(self, name: str, *, side_by_side: bool = False) -> None:
        may_end = self._may_end[name] = asyncio.Event()

        async def work() -> None:
            self.begun.append(name)
            await may_end.wait()
            self.over.append(name)
            if name.startswith("failing"):
                raise LookupError

        self.lane.add(work, side_by_side=side_by_side)

    async def end(self, *names: str) -> None:
        for name in names:
            self._may_end[name].set()
        await let_tasks_run()


def on_a_road(story: Callable[[Road], object]) -> None:
    async def day() -> None:
        road = Road()
        running = asyncio.ensure_future(road.lane.run())  # noqa: TID251 - ends with the lane
        await story(road)  # type: ignore[misc]
        road.lane.finish()
        await running

    asyncio.run(day())


def test_nobody_waits_for_what_a_lane_that_ended_will_never_begin() -> None:
    async def story() -> None:
        lane, stuck = OrderedQueue(logging.getLogger("lanes")), asyncio.Event()
        begun, queued = lane.add(stuck.wait), lane.add(stuck.wait)
        running = asyncio.ensure_future(lane.run())  # noqa: TID251 - cancelled below
        await let_tasks_run()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await queued.wait()
        await lane.add(stuck.wait).wait()
        await begun.wait()

    asyncio.run(story())


def test_receipts_begin_in_order_without_waiting_and_notices_wait_for_all() -> None:
    async def story(road: Road) -> None:
        road.add("first", side_by_side=True)
        road.add("second", side_by_side=True)
        road.add("notice")
        road.add("third", side_by_side=True)
        await let_tasks_run()
        assert road.begun == ["first", "second"]
        await road.end("second")
        assert road.begun == ["first", "second"]
        await road.end("first")
        assert road.begun == ["first", "second", "notice"]
        await road.end("notice", "third")
        assert road.over == ["second", "first", "notice", "third"]

    on_a_road(story)


def test_of_a_flood_only_so_many_run_side_by_side() -> None:
    async def story(road: Road) -> None:
        names = [f"receipt {n}" for n in range(40)]
        for name in names:
            road.add(name, side_by_side=True)
        await let_tasks_run()
        assert road.begun == names[:16]
        await road.end(names[7])
        assert road.begun == names[:17]
        await road.end(*names)
        assert sorted(road.over) == sorted(names)

    on_a_road(story)


def test_one_that_fails_is_named_by_its_type_and_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    async def story(road: Road) -> None:
        road.add("failing", side_by_side=True)
        road.add("beside", side_by_side=True)
        road.add("failing notice")
        road.add("behind")
        await road.end("failing", "beside", "failing notice", "behind")
        assert road.over == ["failing", "beside", "failing notice", "behind"]

    on_a_road(story)
    assert [record.getMessage() for record in caplog.records] == [
        "a message of the sidecar could not be dealt with: LookupError"
    ] * 2


def test_nobody_waits_for_what_an_ended_lane_had_taken_up_and_not_begun() -> None:
    async def story() -> None:
        lane, stuck = OrderedQueue(logging.getLogger("lanes")), asyncio.Event()
        lane.add(stuck.wait, side_by_side=True)
        taken_up = lane.add(stuck.wait)
        running = asyncio.ensure_future(lane.run())  # noqa: TID251 - cancelled below
        await let_tasks_run()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await let_tasks_run()
        assert taken_up.is_set()

    asyncio.run(story())

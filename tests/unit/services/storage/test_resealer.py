"""Resealer: outdated cells are sealed anew batch by batch, and again after a failure."""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest

from app.domain.errors import DatabaseBusyError
from app.ports.sealing import ResealPlace
from app.ports.store import Rows, Store
from app.services.storage.resealer import BATCH, Resealer
from tests.simulators.moved_clock import MovedClock, let_tasks_run

pytestmark = pytest.mark.requirement("X3")


class Sealing:
    """Rows that need so many batches; `busy` transactions fail before one succeeds."""

    def __init__(self, batches: int, busy: int = 0) -> None:
        self.left, self.busy, self.asked = batches, busy, deque[tuple[int, int]]()
        self.sealing = self

    async def read(self, work: Callable[[Rows], Any]) -> Any:
        return work(cast("Rows", self))

    async def transact(self, work: Callable[[Rows], Any]) -> Any:
        if self.busy:
            self.busy -= 1
            raise DatabaseBusyError
        return work(cast("Rows", self))

    def outdated(self) -> bool:
        return self.left > 0

    def reseal(self, place: ResealPlace, limit: int) -> ResealPlace | None:
        self.asked.append((place.table, limit))
        self.left -= 1
        return ResealPlace(place.table + 1) if self.left else None


def passed(sealing: Sealing, length: timedelta) -> bool:
    """Whether the pass is over after this time, and the loop goes on."""

    async def day() -> bool:
        clock = MovedClock()
        running = asyncio.ensure_future(Resealer(cast("Store", sealing), clock).run())  # noqa: TID251 - ended here
        await clock.advance(length)
        await let_tasks_run()
        done = running.done()
        running.cancel()
        await asyncio.wait((running,))
        return not done and not sealing.left

    return asyncio.run(day())


def test_resealer_does_nothing_when_no_cell_is_outdated() -> None:
    sealing = Sealing(0)
    assert passed(sealing, timedelta(0))
    assert not sealing.asked


def test_resealer_goes_from_batch_to_batch_until_all_is_current() -> None:
    sealing = Sealing(3)
    assert passed(sealing, timedelta(days=9))
    assert list(sealing.asked) == [(0, BATCH), (1, BATCH), (2, BATCH)]
    assert BATCH <= 200


def test_resealer_leaves_the_database_to_others_between_two_batches() -> None:
    sealing = Sealing(3)
    assert not passed(sealing, timedelta(milliseconds=60))
    assert len(sealing.asked) == 2


def test_resealer_begins_anew_after_a_minute_when_the_database_was_busy() -> None:
    sealing = Sealing(2, busy=1)
    assert not passed(sealing, timedelta(seconds=59))
    assert passed(Sealing(2, busy=1), timedelta(seconds=61))

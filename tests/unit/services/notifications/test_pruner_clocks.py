"""Pruner: the earliest of three clocks decides, and a day's difference is logged once."""

import asyncio
from datetime import datetime, timedelta

import pytest

from app.domain.notification import State
from app.services.clock.stepped_clock import SteppedClock
from app.services.clock.trusted_time import TrustedTime
from app.services.notifications.pruner import Pruned, Pruner
from tests.contracts.asked_store import NOW, Asked, owed
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("X6", "Z3")
DAY = timedelta(days=1)
OLD = NOW - 91 * DAY


class ThreeClocks:
    """A pruner, and what WhatsApp, our clock and the PC's clock say; one row is 91 days old."""

    def __init__(self, trusted: datetime = NOW, ours: datetime = NOW, pc: datetime = NOW) -> None:
        self.asked, system = Asked(MemoryStore()), MovedClock(ours)
        row = owed(state=State.READ, changed_at=OLD, seq=1)
        self.asked.add(row)
        self.asked.save(row)
        self.asked.date(OLD)
        clock = SteppedClock(system)
        system.set_wall(pc)
        known = TrustedTime(clock)
        known.hear(trusted)
        known.mark_dated(trusted)
        self._pruner = Pruner(self.asked.store, clock, known, lambda: 90 * DAY)

    def prune(self) -> Pruned:
        return asyncio.run(self._pruner.prune())


@pytest.mark.parametrize(
    ("clocks", "emptied"),
    [
        ({}, 1),
        ({"trusted": NOW - 2 * DAY}, 0),
        ({"ours": NOW - 2 * DAY}, 0),
        ({"pc": NOW - 2 * DAY}, 0),
    ],
    ids=["all alike", "WhatsApp's is earlier", "ours is earlier", "the PC's is earlier"],
)
def test_pruner_goes_by_the_earliest_clock(clocks: dict[str, datetime], emptied: int) -> None:
    assert ThreeClocks(**clocks).prune() == Pruned(emptied, 0)


@pytest.mark.parametrize(("ahead", "days"), [(DAY, []), (3 * DAY, [3]), (-3 * DAY, [-3])])
def test_pruner_logs_once_that_the_pcs_clock_is_off_by_days(
    ahead: timedelta, days: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    clocks = ThreeClocks(pc=NOW + ahead)
    for _ in range(2):
        clocks.prune()
    logged = [each for each in caplog.records if each.getMessage() == "prune_waits"]
    assert [vars(each)["days"] for each in logged] == days

"""Worker: what its turns do to rows, against a store in memory and no other service."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.attempt import Accepted, AttemptEnd, InDoubt, Rejected, RejectionKind
from app.domain.contact import Contact
from app.domain.events import Event, OfflineQueueDrained, ProblemReported
from app.domain.identifiers import SessionId
from app.domain.lease import Lease, LeaseOwner
from app.domain.notification import Notification, State
from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import NO_RATE_LIMIT
from app.ports.store import Rows
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.clock.stepped_clock import SteppedClock
from app.services.event_bus import EventBus
from app.services.notifications.records import ProcessResult
from app.services.notifications.worker import SendPermission, Worker
from app.services.rate_limits.rate_limiter import RateLimiter
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, SOON, owed
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.seeded_entropy import SeededEntropy

TICK = timedelta(microseconds=1)
SECOND, OWNER = SessionId("second"), LeaseOwner(1, "a", "boot")
OURS = Lease(str(OWNER), NOW + LATER)


class WorkerHarness:
    """A worker whose clock stands at NOW, its customers, and the rows that it delivered."""

    def __init__(self, *ends: AttemptEnd) -> None:
        self.store, self.bus, self.clock = MemoryStore(), EventBus(), MovedClock(NOW)
        self.delivered, self._ends, self.ready = list[Notification](), [*ends], True
        self.turns, self.problems = 0, list[Event]()
        self.bus.subscribe(ProblemReported, self.problems.append)
        adjuster = ScheduleAdjuster(self.store, self.bus, SteppedClock(self.clock))
        limiter = RateLimiter(MAIN, lambda: NO_RATE_LIMIT, adjuster, SeededEntropy())
        parts = (self.store, self.bus, self.clock, OWNER, QueuePolicy, self._deliver)
        self.worker = Worker(*parts, SendPermission(lambda: self.ready), limiter)

    async def _deliver(self, row: Notification) -> AttemptEnd:
        self.delivered.append(row)
        return self._ends.pop(0) if self._ends else Accepted(NOW)

    async def turn(self) -> list[ProcessResult]:
        self.turns += 1
        return await self.worker.turn()

    async def run(self, story: Callable[[], Awaitable[None]]) -> None:
        """Run the worker during the story."""
        running = asyncio.ensure_future(self.worker.run(self.turn))  # noqa: TID251 - is cancelled
        await let_tasks_run()
        await story()
        running.cancel()
        await asyncio.wait((running,))
        assert self.problems == []

    async def add(self, *rows: Notification) -> None:
        """Add rows whose customers were written to before."""
        contact = Contact(MAIN, first_sent_at=NOW - LATER)

        def work(kept: Rows) -> None:
            for row in rows:
                kept.notifications.add(row)
                kept.notifications.save(row)
                kept.contacts.save(row.phone, contact)

        await self.store.transact(work)

    async def kept(self, *rows: Notification) -> list[Notification | None]:
        return await self.store.read(lambda kept: [kept.notifications.get(row.id) for row in rows])


@pytest.mark.requirement("Q4", "Q5")
def test_worker_that_finishes_releases_only_its_own_rows_without_doubt() -> None:
    async def story() -> None:
        harness = WorkerHarness()
        begun: dict[str, Any] = {"state": State.SENDING, "attempts": 1, "sending_at": NOW, "on_wire_at": NOW}
        claimed = owed(**begun, lease=OURS, seq=1)
        others = (
            owed("o2", **begun, lease=OURS, seq=2, session_id=SECOND),
            owed("o3", **begun, lease=replace(OURS, owner="2/b/boot"), seq=3),
        )
        await harness.add(claimed, *others)
        await harness.worker.finish()
        await harness.clock.advance(SOON)
        assert await harness.worker.turn() == []
        free = replace(claimed, state=State.PENDING, lease=None, sending_at=None, on_wire_at=None)
        released = replace(free, changed_at=NOW + SOON, scheduled_at=NOW + SOON)
        assert await harness.kept(claimed, *others) == [released, *others]
        assert harness.delivered == []

    asyncio.run(story())


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize(("drained", "prepared"), [(SECOND, True), (MAIN, False)])
def test_worker_prepares_anew_only_when_its_own_connection_is_new(
    drained: SessionId, *, prepared: bool
) -> None:
    async def story() -> None:
        harness = WorkerHarness()
        await harness.add(owed("o1"))
        await harness.worker.turn()
        harness.bus.publish(OfflineQueueDrained(drained))
        await harness.add(owed("o2"))
        await harness.worker.turn()
        assert [row.on_wire_at is not None for row in harness.delivered] == [False, prepared]

    asyncio.run(story())


@pytest.mark.requirement("X2")
@pytest.mark.parametrize(
    "end", [InDoubt("ack_timeout"), Rejected(RejectionKind.NOT_CONNECTED)], ids=["in doubt", "held"]
)
def test_worker_waits_a_second_after_a_fault_that_is_not_the_messages(end: AttemptEnd) -> None:
    harness = WorkerHarness(end)

    async def story() -> None:
        assert [row.phone for row in harness.delivered] == [ANA, BIA]
        await harness.clock.advance(timedelta(seconds=0.9))
        assert len(harness.delivered) == 2
        await harness.clock.advance(timedelta(seconds=0.1))
        assert len(harness.delivered) > 2

    async def run() -> None:
        await harness.add(owed("o1"), owed("o2", phone=BIA), *(owed(f"p{n}", phone=ANA) for n in range(2)))
        await harness.run(story)

    asyncio.run(run())


def test_worker_sleeps_until_a_row_is_due_and_reports_no_problem() -> None:
    harness = WorkerHarness()

    async def story() -> None:
        turns = harness.turns
        await harness.clock.advance(10 * SOON - TICK)
        assert (harness.turns, harness.delivered) == (turns, [])
        await harness.clock.advance(TICK)
        assert len(harness.delivered) == 1

    async def run() -> None:
        await harness.add(owed("o1", scheduled_at=NOW + 10 * SOON))
        await harness.run(story)

    asyncio.run(run())


def test_worker_takes_no_turn_while_trying_makes_no_sense() -> None:
    harness = WorkerHarness()
    harness.ready = False

    async def story() -> None:
        await harness.clock.advance(5 * LATER)
        assert (harness.turns, harness.delivered) == (0, [])
        harness.ready = True
        harness.worker.wake()
        await let_tasks_run()
        assert len(harness.delivered) == 1

    async def run() -> None:
        await harness.add(owed("o1"))
        await harness.run(story)

    asyncio.run(run())

"""In-doubt resolver: whole rows of repeated doubts, three seconds after the connection is back."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.errors import DatabaseBusyError, DiskFullError
from app.domain.events import Event, NotificationChanged, OfflineQueueDrained
from app.domain.identifiers import SessionId
from app.domain.notification import Notification, State, Suppression
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.order import NotificationType
from app.domain.queue_policy import EVIDENCE_TIME, MOST_REPEATS, QueuePolicy
from app.domain.stage_policy import TIME_TO_LIVE
from app.services.event_bus import EventBus
from app.services.notifications.in_doubt_resolver import InDoubtResolver
from tests.contracts.asked_store import BIA, MAIN, NOW, SOON, Asked, owed
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run

pytestmark = pytest.mark.requirement("Q4")

SECOND, TICK = SessionId("second"), timedelta(microseconds=1)
SETTLED_AT = NOW + EVIDENCE_TIME


def doubted(order: str = "o1", **changes: Any) -> Notification:
    row: dict[str, Any] = {
        "state": State.IN_DOUBT,
        "reason": "socket_closed",
        "doubted_at": NOW - SOON,
        "changed_at": NOW - SOON,
        "scheduled_at": NOW - SOON,
        "sending_at": NOW - 2 * SOON,
        "attempts": 1,
        "seq": 1,
    }
    return owed(order, **{**row, **changes})


def given_up(row: Notification) -> Notification:
    return replace(row, given_up_at=SETTLED_AT)


def repeated(row: Notification) -> Notification:
    moments = {"scheduled_at": SETTLED_AT, "changed_at": SETTLED_AT}
    return replace(row, state=State.PENDING, reason=None, repeats=row.repeats + 1, **moments)  # type: ignore[arg-type]


def suppressed(row: Notification, reason: Suppression) -> Notification:
    return replace(repeated(row), state=State.SUPPRESSED, reason=reason)


class InDoubtHarness:
    """The doubts of a shop whose connection comes back at NOW."""

    def __init__(self, *rows: Notification, policy: QueuePolicy = QueuePolicy()) -> None:  # noqa: B008
        self.asked, self.clock, self.moved = Asked(MemoryStore()), MovedClock(NOW), list[Event]()
        self.woken, self.distrusted = 0, list[SessionId]()
        self.bus, self._policy = EventBus(), policy
        self.bus.subscribe(NotificationChanged, self.moved.append)
        for row in rows:
            self.asked.add(row)
            self.asked.save(row)

    async def _drained(self, meanwhile: Notification | None, afterwards: timedelta) -> None:
        parts = (self.asked.store, self.bus, self.clock, lambda: self._policy)
        resolver = InDoubtResolver(
            *parts, wake=self._wake, distrust=self.distrusted.append, drained=lambda _: 0
        )
        resolver.start()
        self.bus.publish(OfflineQueueDrained(MAIN))
        assert {task.get_name() for task in resolver._tasks._running} == {"settle_doubts"}
        await self.clock.advance(EVIDENCE_TIME - TICK)
        assert self.moved == []
        if meanwhile:
            await self.asked.store.transact(lambda rows: rows.notifications.save(meanwhile))
        await self.clock.advance(TICK)
        await let_tasks_run()
        await self.clock.advance(afterwards)
        await let_tasks_run()

    def _wake(self) -> None:
        self.woken += 1

    def drained(
        self, meanwhile: Notification | None = None, afterwards: timedelta = timedelta(0)
    ) -> "InDoubtHarness":
        asyncio.run(self._drained(meanwhile, afterwards))
        return self

    def moves(self, *rows: Notification, woken: bool = False) -> None:
        """These moved, and nothing else did; whoever sends is woken for them."""
        assert self.kept(*rows) == list(rows)
        assert self.moved == [NotificationChanged(row) for row in rows]
        assert self.woken == (1 if rows or woken else 0)

    def gives_up(self, row: Notification) -> None:
        """It stays a doubt, and no subscriber takes that for a new one; what it held back may go."""
        assert self.kept(row) == [given_up(row)]
        self.moves(woken=True)

    def kept(self, *rows: Notification) -> list[Notification | None]:
        return self.asked.read(lambda store: [store.notifications.get(row.id) for row in rows])


def test_doubt_without_evidence_goes_out_once_more_as_the_news_it_was() -> None:
    InDoubtHarness(doubted()).drained().moves(repeated(doubted()))


def test_each_doubt_of_this_number_goes_out_and_none_of_another() -> None:
    mine, hers = doubted(), doubted("o2", phone=BIA, session_id=SECOND, seq=2)
    harness = InDoubtHarness(mine, hers).drained()
    harness.moves(repeated(mine))
    assert harness.asked.read(lambda rows: rows.notifications.get(hers.id)) == hers


@pytest.mark.parametrize(("repeats", "again"), [(MOST_REPEATS - 1, True), (MOST_REPEATS, False)])
def test_a_doubt_is_repeated_twice_at_most(repeats: int, *, again: bool) -> None:
    row = doubted(repeats=repeats)
    harness = InDoubtHarness(row).drained()
    harness.moves(repeated(row)) if again else harness.gives_up(row)


@pytest.mark.parametrize(("tick", "again"), [(timedelta(0), True), (TICK, False)])
def test_a_doubt_is_repeated_while_it_is_news(tick: timedelta, *, again: bool) -> None:
    row = doubted(stage_at=SETTLED_AT - TIME_TO_LIVE - tick)
    harness = InDoubtHarness(row).drained()
    harness.moves(repeated(row)) if again else harness.gives_up(row)


@pytest.mark.parametrize(("tick", "again"), [(timedelta(0), True), (TICK, False)])
def test_a_doubt_without_a_stage_is_repeated_for_as_long_as_one_with(tick: timedelta, *, again: bool) -> None:
    row = doubted(doubted_at=SETTLED_AT - TIME_TO_LIVE - tick)
    harness = InDoubtHarness(row).drained()
    harness.moves(repeated(row)) if again else harness.gives_up(row)


def test_doubts_settle_by_themselves_when_the_database_was_busy() -> None:
    harness = InDoubtHarness(doubted())
    sound, refusals = (
        harness.asked.store.transact,
        [DatabaseBusyError(), DiskFullError(), DatabaseBusyError()],
    )

    async def busy(work: Any) -> Any:
        if refusals:
            raise refusals.pop()
        return await sound(work)

    harness.asked.store.transact = busy  # type: ignore[method-assign]
    harness.drained(afterwards=timedelta(seconds=7))
    again = {"scheduled_at": SETTLED_AT + 7 * SOON, "changed_at": SETTLED_AT + 7 * SOON}
    harness.moves(replace(repeated(doubted()), **again))  # type: ignore[arg-type]


def test_a_given_up_doubt_is_never_repeated_by_itself() -> None:
    row = doubted(given_up_at=NOW - SOON)
    harness = InDoubtHarness(row).drained()
    harness.moves()
    assert harness.kept(row) == [row]


def test_a_shop_that_wants_to_be_asked_is() -> None:
    InDoubtHarness(doubted(), policy=QueuePolicy(repeats_doubts=False)).drained().gives_up(doubted())


def test_evidence_that_comes_in_time_settles_it() -> None:
    row = doubted()
    InDoubtHarness(row).drained(replace(row, state=State.SENT, reason=None)).moves()


def test_a_doubt_that_began_anew_meanwhile_waits_for_its_own_evidence() -> None:
    row = doubted()
    InDoubtHarness(row).drained(replace(row, doubted_at=NOW + SOON)).moves()


def test_doubt_that_begins_at_that_very_moment_waits_for_its_own_evidence() -> None:
    first, second = doubted(), doubted("o2", phone=BIA, state=State.SENDING, doubted_at=None, seq=2)
    begun = replace(second, state=State.IN_DOUBT, doubted_at=SETTLED_AT, changed_at=SETTLED_AT)
    harness = InDoubtHarness(first, second).drained(begun)
    harness.moves(repeated(first))
    assert harness.asked.read(lambda rows: rows.notifications.get(begun.id)) == begun


@pytest.mark.requirement("X1")
def test_resolver_suppresses_a_doubt_when_its_customer_opted_out() -> None:
    row, harness = doubted(), InDoubtHarness(doubted())
    harness.asked.transact(lambda rows: rows.opt_outs.add(row.phone, OptOut(NOW, OptOutSource.CUSTOMER)))
    harness.drained().moves(suppressed(row, Suppression.OPTED_OUT))


@pytest.mark.requirement("A3")
def test_resolver_suppresses_a_doubt_when_a_later_stage_was_told() -> None:
    earlier, later = owed("o1", NotificationType.PREPARING), owed("o1", state=State.SENT, seq=2)
    row = doubted(type=earlier.type, id=earlier.id, message_id=earlier.message_id)
    InDoubtHarness(row, later).drained().moves(suppressed(row, Suppression.SUPERSEDED))


def test_without_a_doubt_nobody_is_woken() -> None:
    InDoubtHarness().drained().moves()


@pytest.mark.parametrize(
    ("reason", "distrusted"),
    [
        ("ack_timeout", [MAIN]),
        ("unexpected", [MAIN]),
        ("socket_closed", []),
        ("sidecar_gone", []),
        ("owner_died", []),
    ],
)
def test_a_doubt_on_an_open_connection_makes_that_connection_suspect(
    reason: str, distrusted: list[SessionId]
) -> None:
    row = doubted(reason=reason)
    harness = InDoubtHarness(row).drained()
    harness.bus.publish(NotificationChanged(row))
    harness.bus.publish(NotificationChanged(replace(row, state=State.FAILED)))
    harness.bus.publish(NotificationChanged(given_up(row)))
    assert harness.distrusted == distrusted

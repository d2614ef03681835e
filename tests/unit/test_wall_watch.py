"""What becomes of each waiting row's moments when somebody sets the PC's clock, to the tick."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.events import Event, NotificationMoved, NotificationQueued
from app.domain.notification import Notification, State
from app.services.event_bus import EventBus
from app.services.notifications.wall_watch import WallWatch
from tests.contracts.asked_store import BIA, LATER, NOW, SOON, Asked, owed
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("X2")

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
TICK, NOTHING = timedelta(microseconds=1), timedelta(0)


class Counter:
    """A watch that began when the clock showed NOW, with what it published since."""

    def __init__(self, *rows: Notification) -> None:
        self.asked, self.clock, self.events = Asked(MemoryStore()), MovedClock(NOW), list[Event]()
        self.bus = EventBus()
        self.bus.subscribe(NotificationMoved, self.events.append)
        self.watch = WallWatch(self.asked.store, self.bus, self.clock)
        for row in rows:
            self.asked.add(row)
            self.asked.save(row)

    def after(self, length: timedelta, *, set_by: timedelta = NOTHING) -> "Counter":
        """Time passes, then somebody sets the clock, and the watch looks."""
        asyncio.run(self.clock.advance(length))
        self.clock.set_wall(self.clock.now() + set_by)
        asyncio.run(self.watch.look())
        return self

    def row(self, of: Notification) -> Notification:
        kept = self.asked.read(lambda rows: rows.notifications.get(of.id))
        assert kept is not None
        return kept

    def moments(self, of: Notification) -> tuple[datetime, datetime | None]:
        row = self.row(of)
        return row.scheduled_at, row.changed_at


def waiting(due_in: timedelta, written: timedelta = NOTHING) -> Notification:
    return owed(scheduled_at=NOW + due_in, changed_at=NOW + written, seq=1)


# Set back a little, the clock still shows a later moment than that at which the row was written: it stays.
@pytest.mark.parametrize(("jump", "moves"), [(DAY, True), (-DAY, True), (SECOND, True), (-SECOND, False)])
def test_what_was_written_by_the_clock_as_it_was_moves_with_it_and_is_told(
    jump: timedelta, *, moves: bool
) -> None:
    row = waiting(HOUR)
    counter = Counter(row).after(LATER, set_by=jump)
    moved = replace(row, scheduled_at=row.scheduled_at + jump, changed_at=NOW + jump)
    assert counter.row(row) == (moved if moves else row)
    assert counter.events == ([NotificationMoved(moved)] if moves else [])


@pytest.mark.parametrize("jump", [SECOND - TICK, TICK - SECOND])
def test_a_clock_that_is_trimmed_moves_nothing(jump: timedelta) -> None:
    row = waiting(HOUR)
    counter = Counter(row).after(LATER, set_by=jump)
    assert (counter.row(row), counter.events) == (row, [])


def test_a_row_that_was_never_changed_was_written_when_it_was_created() -> None:
    row = owed(scheduled_at=NOW + HOUR, seq=1)
    assert Counter(row).after(LATER, set_by=DAY).moments(row) == (NOW + HOUR + DAY, NOW + DAY)


@pytest.mark.parametrize(("due_in", "moves"), [(LATER, False), (LATER + TICK, True)])
def test_what_is_due_by_both_clocks_stays_where_it_is(due_in: timedelta, *, moves: bool) -> None:
    row = waiting(due_in)
    due_at, _ = Counter(row).after(LATER, set_by=DAY).moments(row)
    assert due_at == row.scheduled_at + (DAY if moves else NOTHING)


@pytest.mark.parametrize(("written", "moves"), [(LATER, True), (LATER + TICK, False)])
def test_set_forward_what_was_written_by_then_moves(written: timedelta, *, moves: bool) -> None:
    row = waiting(HOUR, written)
    due_at, _ = Counter(row).after(LATER, set_by=DAY).moments(row)
    assert due_at == row.scheduled_at + (DAY if moves else NOTHING)


@pytest.mark.parametrize(("written", "moves"), [(LATER - DAY, False), (LATER - DAY + TICK, True)])
def test_set_back_what_was_written_after_what_it_shows_now_moves(written: timedelta, *, moves: bool) -> None:
    row = waiting(HOUR, written)
    due_at, _ = Counter(row).after(LATER, set_by=-DAY).moments(row)
    assert due_at == row.scheduled_at - (DAY if moves else NOTHING)


@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.IN_DOUBT, State.CANCELLED])
def test_what_does_not_wait_is_not_moved(state: State) -> None:
    row = replace(waiting(HOUR), state=state)
    assert Counter(row).after(LATER, set_by=DAY).row(row) == row


@pytest.mark.parametrize("jumps", [(DAY, 2 * DAY), (-DAY, -2 * DAY), (DAY, -2 * SECOND)])
def test_a_promise_is_kept_to_the_moment_whatever_the_clock_shows(jumps: tuple[timedelta, ...]) -> None:
    row = waiting(5 * LATER)
    counter = Counter(row)
    counter.watch.promise(row, 5 * LATER)
    for set_by in jumps:
        counter.after(LATER, set_by=set_by)
        due_at, written = counter.moments(row)
        left = 5 * LATER - (counter.clock.steady() - HOUR)
        assert due_at == counter.clock.now() + left
        assert written == NOW + (due_at - row.scheduled_at)
    assert len(counter.events) == 2


def test_a_promise_counts_for_the_row_as_it_was_written_then_alone() -> None:
    row = waiting(5 * LATER)
    counter = Counter(row)
    counter.watch.promise(replace(row, scheduled_at=NOW + LATER), LATER)
    assert counter.after(SOON, set_by=DAY).moments(row) == (row.scheduled_at + DAY, NOW + DAY)


@pytest.mark.parametrize("due_in", [-LATER, NOTHING, HOUR])
def test_what_is_queued_while_the_clock_was_wrong_for_a_moment_is_due_as_far_away_as_then(
    due_in: timedelta,
) -> None:
    before = owed("o2", phone=BIA, scheduled_at=NOW + HOUR, seq=1)
    counter = Counter(before)
    counter.clock.set_wall(NOW + DAY)
    shown = counter.clock.now()
    row = owed(created_at=shown, scheduled_at=shown + due_in, seq=2)
    counter.asked.add(row)
    counter.bus.publish(NotificationQueued(row))
    counter.after(LATER, set_by=-DAY)
    due_at, written = counter.moments(row)
    assert due_at == NOW + max(due_in, NOTHING)
    assert written == shown + (due_at - row.scheduled_at)
    assert counter.events == [NotificationMoved(counter.row(row))]
    assert counter.row(before) == before


def test_a_promise_that_still_holds_is_left_alone() -> None:
    row = waiting(HOUR)
    counter = Counter(row)
    counter.watch.promise(row, HOUR)
    assert counter.after(LATER).row(row) == row
    assert counter.after(LATER, set_by=SECOND - TICK).row(row) == row
    assert counter.events == []


@pytest.mark.parametrize(("off", "moves"), [(SECOND - TICK, False), (SECOND, True)])
def test_a_row_that_is_a_second_off_its_promise_is_put_right(off: timedelta, *, moves: bool) -> None:
    row = waiting(HOUR)
    counter = Counter(row)
    counter.watch.promise(row, HOUR + off)
    due_at, _ = counter.after(LATER).moments(row)
    assert due_at == row.scheduled_at + (off if moves else NOTHING)


def test_what_is_due_by_its_row_and_by_its_promise_is_due() -> None:
    row = waiting(NOTHING)
    counter = Counter(row)
    counter.watch.promise(row, LATER)
    assert counter.after(LATER).row(row) == row


def test_a_promise_whose_time_has_come_is_forgotten() -> None:
    row, later = waiting(LATER), owed("o2", phone=BIA, scheduled_at=NOW + HOUR, changed_at=NOW, seq=2)
    counter = Counter(row, later)
    counter.watch.promise(row, LATER)
    counter.watch.promise(later, HOUR)
    counter.after(LATER)
    assert list(counter.watch._promises) == [later.id]


def test_each_row_goes_by_its_own_promise() -> None:
    promised = waiting(HOUR)
    free = owed("o2", phone=BIA, scheduled_at=NOW + HOUR, changed_at=NOW, seq=2)
    counter = Counter(promised, free)
    counter.watch.promise(promised, 2 * HOUR)
    counter.after(HOUR / 2, set_by=DAY)
    assert counter.row(promised).scheduled_at == counter.clock.now() + 1.5 * HOUR
    assert counter.row(free).scheduled_at == NOW + HOUR + DAY


@pytest.mark.parametrize(
    ("jump", "slept"),
    [(2 * HOUR, 2 * HOUR), (12 * HOUR, 12 * HOUR), (DAY, 12 * HOUR), (-DAY, NOTHING), (SECOND, SECOND)],
)
def test_up_to_half_a_day_is_believed_to_have_been_sleep(jump: timedelta, slept: timedelta) -> None:
    counter = Counter()
    waking, elapsed = counter.watch.waking(), counter.watch.elapsed()
    assert elapsed == waking
    counter.after(LATER, set_by=jump)
    assert counter.watch.waking() == waking + LATER
    assert counter.watch.elapsed() == elapsed + LATER + slept
    counter.after(LATER, set_by=2 * SECOND)
    assert counter.watch.elapsed() == elapsed + 2 * LATER + slept + 2 * SECOND
    assert counter.watch.at(SOON) == counter.clock.now() + SOON


@pytest.mark.parametrize(
    ("written", "due_in", "moved_by"),
    [(HOUR, 2 * HOUR, -HOUR), (NOTHING, HOUR, NOTHING), (HOUR, NOTHING, NOTHING), (TICK, HOUR, -TICK)],
)
def test_at_the_start_what_was_written_in_the_future_is_due_as_far_away_as_it_was_then(
    written: timedelta, due_in: timedelta, moved_by: timedelta
) -> None:
    row = waiting(due_in, written)
    counter = Counter(row)
    asyncio.run(counter.watch.start())
    assert counter.moments(row) == (row.scheduled_at + moved_by, NOW + written + moved_by)
    assert counter.events == ([NotificationMoved(counter.row(row))] if moved_by else [])

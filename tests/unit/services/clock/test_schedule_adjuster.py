"""Schedule adjuster: stored moments after the PC's clock was set, to the tick."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import DatabaseBusyError
from app.domain.events import NotificationChanged, OrderChanged
from app.domain.lease import Lease
from app.domain.notification import State
from tests.contracts.asked_store import BIA, LATER, NOW, SOON, owed
from tests.harness.every_notification import in_state
from tests.harness.watched_clock import NOTHING, Life, moved, order_of, waiting
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("Z3")

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
YEARS = timedelta(days=6200)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("jump", [YEARS, -YEARS, HOUR, -HOUR, SECOND, -SECOND])
def test_look_moves_what_waits_with_the_clock_and_tells_of_it(jump: timedelta) -> None:
    life = Life()
    row = waiting(changed_at=NOW + SOON, lease=Lease("1/a/b", NOW + LATER))
    life.add(row)
    life.after(LATER, set_by=jump)
    assert life.row(row) == moved(row, jump)
    assert life.events == [NotificationChanged(moved(row, jump))]
    assert life.clock.now() == life.system.now() == NOW + LATER + jump


@pytest.mark.parametrize("jump", [SECOND - TICK, TICK - SECOND])
def test_look_moves_nothing_when_the_clock_is_trimmed(jump: timedelta) -> None:
    life = Life()
    life.add(waiting())
    life.after(LATER, set_by=jump)
    assert (life.row(waiting()), life.events) == (waiting(), [])


def test_clock_shows_no_jump_before_the_watch_has_looked() -> None:
    life = Life()
    life.set_by(YEARS)
    assert life.clock.now() == NOW
    life.set_by(-YEARS)
    asyncio.run(life.watch.follow_clock())
    assert (life.clock.now(), life.events) == (NOW, [])


@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.IN_DOUBT])
def test_look_moves_other_states_in_silence(state: State) -> None:
    life = Life()
    row = waiting(state=state, changed_at=NOW, sending_at=NOW, doubted_at=NOW, sent_at=NOW - LATER)
    life.add(row)
    life.after(LATER, set_by=YEARS)
    assert (life.row(row), life.events) == (moved(row, YEARS), [])


def test_look_moves_no_moment_of_an_earlier_life() -> None:
    before = Life()
    old = waiting(changed_at=NOW + SOON)
    before.add(old)
    asyncio.run(before.system.advance(HOUR))
    life = Life(before, boot="another")
    new = replace(owed("o2", phone=BIA, seq=2), scheduled_at=NOW + HOUR, created_at=NOW + HOUR, stage_at=NOW)
    life.add(new)
    life.after(LATER, set_by=YEARS)
    assert life.row(old) == old
    assert life.row(new) == replace(moved(new, YEARS), stage_at=NOW)


def test_look_moves_orders_of_this_life_and_tells_of_them() -> None:
    life = Life()
    earlier, order = order_of(1, NOW - TICK), order_of(2, NOW)
    life.asked.keep_orders(earlier, order)
    life.after(LATER, set_by=YEARS)
    later = replace(order, created_at=NOW + YEARS)
    assert life.asked.read(lambda rows: rows.orders.latest(9)) == [later, earlier]
    assert life.events == [OrderChanged(later)]


def test_look_moves_more_than_one_batch() -> None:
    life = Life()
    rows = [waiting(id=owed(f"o{n}").id, order_id=None, message_id=f"m{n}") for n in range(450)]
    life.add(*rows)
    life.after(LATER, set_by=HOUR)
    kept = life.asked.read(lambda every: in_state(every, State.PENDING))
    assert {row.stage_at for row in kept} == {NOW + HOUR}
    assert len(life.events) == 450


def test_look_of_a_small_trim_leaves_finished_rows_of_last_week_alone() -> None:
    life = Life()
    old = waiting(state=State.SENT, changed_at=NOW)
    life.add(old)
    asyncio.run(life.system.advance(2 * HOUR))
    life.after(SECOND, set_by=SECOND)
    assert life.row(old) == old


def test_look_moves_finished_rows_of_last_week_from_a_minute_on() -> None:
    for jump, by in ((MINUTE - TICK, NOTHING), (MINUTE, MINUTE)):
        life = Life()
        old = waiting(state=State.SENT, changed_at=NOW)
        life.add(old)
        asyncio.run(life.system.advance(2 * HOUR))
        life.after(SECOND, set_by=jump)
        assert life.row(old) == moved(old, by)


def test_look_logs_by_how_many_seconds_the_clock_was_set(caplog: pytest.LogCaptureFixture) -> None:
    Life().after(LATER, set_by=-HOUR)
    told = [vars(each)["seconds"] for each in caplog.records if each.getMessage() == "clock_set"]
    assert told == [-3600]


@pytest.mark.parametrize("jump", [YEARS, -YEARS])
def test_look_moves_rows_back_when_the_clock_is_set_right_again(jump: timedelta) -> None:
    life = Life()
    life.add(waiting(state=State.SENT, changed_at=NOW))
    life.after(LATER, set_by=jump)
    life.after(LATER, set_by=-jump)
    assert life.row(waiting()) == waiting(state=State.SENT, changed_at=NOW)


def test_look_moves_what_an_interrupted_one_left_despite_another_jump() -> None:
    life = Life()
    life.add(*(waiting(id=owed(f"o{n}").id, order_id=None, message_id=f"m{n}") for n in range(450)))
    life.watch._bus.subscribe(
        NotificationChanged, lambda _: setattr(life.store, "refusals", len(life.events) == 200)
    )
    with pytest.raises(DatabaseBusyError):
        life.after(LATER, set_by=HOUR)
    life.after(LATER, set_by=HOUR)
    kept = life.asked.read(lambda every: in_state(every, State.PENDING))
    assert len(kept) == 450
    assert {row.stage_at for row in kept} == {NOW + 2 * HOUR}


def test_look_leaves_clock_and_rows_when_the_database_is_busy() -> None:
    life = Life()
    life.add(waiting())
    life.set_by(YEARS)
    life.store.refusals = 1
    with pytest.raises(DatabaseBusyError):
        asyncio.run(life.watch.follow_clock())
    assert (life.clock.now(), life.row(waiting())) == (NOW, waiting())
    asyncio.run(life.watch.follow_clock())
    assert (life.clock.now(), life.row(waiting())) == (NOW + YEARS, moved(waiting(), YEARS))


def test_run_looks_each_minute_and_keeps_the_time_each_hour(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        life.set_by(YEARS)
        life.store.refusals = 1
        running = asyncio.get_running_loop().create_task(life.watch.run())
        await life.system.advance(LATER)
        assert life.clock.now() == NOW + LATER
        await life.system.advance(LATER)
        assert life.clock.now() == NOW + YEARS + 2 * LATER
        await life.system.advance(HOUR)
        running.cancel()
        await asyncio.wait((running,))

    life = Life()
    asyncio.run(story())
    refused = [each for each in caplog.records if each.getMessage() == "clock_not_looked_at"]
    assert [vars(each)["code"] for each in refused] == [DatabaseBusyError.code]
    again = Life(life)
    assert again.watch.trusted.now() == NOW + HOUR + 2 * LATER
    assert Life(life, boot="another").watch.trusted.now() == NOW + HOUR + 2 * LATER


def test_run_keeps_the_time_a_minute_later_when_the_database_was_busy() -> None:
    async def story() -> None:
        running = asyncio.get_running_loop().create_task(life.watch.run())
        await life.system.advance(HOUR - SECOND)
        life.store.refusals = 1
        await life.system.advance(MINUTE)
        assert life.store.refusals == 0
        await life.system.advance(MINUTE)
        running.cancel()
        await asyncio.wait((running,))

    life = Life()
    asyncio.run(story())
    assert Life(life, boot="another").watch.trusted.now() == NOW + HOUR + MINUTE


def test_sleep_of_the_pc_moves_no_row_and_passes_at_once() -> None:
    life = Life()
    life.add(waiting())
    before = life.watch.waking(), life.watch.elapsed()
    life.system.let_sleep(12 * HOUR)
    assert life.clock.now() == NOW + 12 * HOUR
    asyncio.run(life.watch.follow_clock())
    assert (life.row(waiting()), life.events) == (waiting(), [])
    assert (life.watch.waking(), life.watch.elapsed()) == (before[0], before[1] + 12 * HOUR)
    assert life.watch.at(SOON) == NOW + 12 * HOUR + SOON


@pytest.mark.parametrize("jump", [YEARS, -YEARS])
def test_start_moves_rows_when_the_clock_was_set_between_starts_of_a_boot(jump: timedelta) -> None:
    before = Life()
    before.add(waiting())
    before.after(LATER)
    before.set_by(jump)
    life = Life(before)
    assert life.row(waiting()) == moved(waiting(), jump)


@pytest.mark.parametrize("boot", ["another", "-"])
def test_start_believes_the_clock_after_a_boot(boot: str) -> None:
    before = Life(boot="-" if boot == "-" else "boot")
    before.add(waiting())
    before.after(LATER)
    before.set_by(YEARS)
    life = Life(before, boot)
    assert (life.row(waiting()), life.clock.now()) == (waiting(), NOW + LATER + YEARS)


def test_start_ignores_an_epoch_of_a_later_uptime_or_another_form() -> None:
    before = Life()
    for kept in ("{}", "[]", "no", '{"at_boot": "x", "began": 1, "boot": "boot", "elapsed": 1}'):
        before.asked.transact(lambda rows, kept=kept: rows.settings.set("clock_epoch", kept))  # type: ignore[misc]
        before.asked.transact(lambda rows, kept=kept: rows.settings.set("trusted_time", kept))  # type: ignore[misc]
        assert Life(before).clock.now() == NOW
    asyncio.run(before.system.advance(HOUR))
    life = Life(before)
    rebooted = MovedClock(NOW + DAY)
    life.system = rebooted
    assert Life(life).clock.now() == NOW + DAY


@pytest.mark.parametrize(
    ("written", "due_in", "moved_by"),
    [(HOUR, 2 * HOUR, -HOUR), (NOTHING, HOUR, NOTHING), (HOUR, HOUR, -HOUR), (TICK, HOUR, -TICK)],
)
def test_start_takes_rows_of_the_future_as_written_just_now(
    written: timedelta, due_in: timedelta, moved_by: timedelta
) -> None:
    before = Life()
    row = waiting(scheduled_at=NOW + due_in, changed_at=NOW + written, stage_at=NOW + written)
    untimed = owed("o2", phone=BIA, seq=2, created_at=NOW + written, scheduled_at=NOW + due_in)
    before.add(row, untimed)
    life = Life(before, boot="another")
    assert life.row(row) == replace(moved(row, moved_by), created_at=NOW)
    assert life.row(untimed).scheduled_at == NOW + due_in + moved_by
    assert len(life.events) == (2 if moved_by else 0)


def test_at_stays_within_the_calendar_when_the_wait_does_not() -> None:
    life = Life()
    assert life.watch.at(LATER) == NOW + LATER
    assert life.watch.at(timedelta.max).year == 9000


@pytest.mark.parametrize("jump", [YEARS, -YEARS])
def test_clock_that_was_wrong_is_still_wrong_after_a_reboot(jump: timedelta) -> None:
    life = Life()
    life.server_told(NOW)
    life.after(LATER, set_by=jump)
    assert life.clock.now() == NOW + LATER
    again = Life(life, boot="another")
    assert abs(again.clock.now() - NOW - LATER) <= HOUR + MINUTE


def test_clock_that_was_put_right_before_a_reboot_is_believed() -> None:
    life = Life()
    life.server_told(NOW)
    life.after(LATER, set_by=YEARS)
    life.set_by(-YEARS)
    life.system.let_sleep(DAY)
    assert Life(life, boot="another").clock.now() == NOW + LATER + DAY
    assert Life(life, boot="a third").clock.now() == NOW + LATER + DAY

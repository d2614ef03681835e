"""Trusted time: WhatsApp's time corrects rows when the PC's clock is wrong."""

import asyncio
from datetime import timedelta

import pytest

from tests.contracts.asked_store import LATER, NOW
from tests.harness.watched_clock import Life, moved, waiting

pytestmark = pytest.mark.requirement("Z3")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEARS, MINUTE, TICK = timedelta(days=6200), timedelta(minutes=1), timedelta(microseconds=1)


def test_server_told_rights_a_clock_that_is_off_by_days() -> None:
    for off in (YEARS, -YEARS):
        life = Life()
        life.set_by(off)
        life = Life(life, boot="another")
        row = moved(waiting(), off)
        life.add(row)
        asyncio.run(life.system.advance(LATER))
        life.server_told(NOW + LATER)
        assert (life.clock.now(), life.row(row)) == (NOW + LATER, waiting())
        life.after(LATER, set_by=YEARS)
        assert life.clock.now() == NOW + 2 * LATER


def test_server_told_leaves_a_clock_that_is_off_by_hours() -> None:
    life = Life()
    life.server_told(NOW - 23 * HOUR)
    assert life.clock.now() == NOW
    life.after(LATER, set_by=-HOUR)
    assert life.clock.now() == NOW + LATER - HOUR


def test_start_never_shows_less_than_a_server_told_before() -> None:
    before = Life()
    before.server_told(NOW)
    before.set_by(-YEARS)
    life = Life(before, boot="another")
    assert life.clock.now() == NOW + HOUR + LATER
    life.after(LATER, set_by=YEARS + 5 * DAY)
    assert life.clock.now() == NOW + LATER + 5 * DAY


@pytest.mark.parametrize("off", [5 * HOUR, -5 * HOUR, 400 * DAY])
def test_server_time_keeps_the_age_of_rows_when_the_clock_was_set_offline(off: timedelta) -> None:
    before = Life()
    before.server_told(NOW)
    row = waiting(changed_at=NOW)
    before.add(row)
    asyncio.run(before.system.advance(LATER))
    before.set_by(off)
    life = Life(before, boot="another")
    for _ in range(2):
        life.server_told(NOW + LATER)
    kept = life.row(row)
    assert kept.stage_at is not None
    assert life.clock.now() - kept.stage_at == LATER


def test_server_told_keeps_the_age_of_rows_when_the_pc_was_off() -> None:
    before = Life()
    before.server_told(NOW - HOUR)
    row = waiting(changed_at=NOW)
    before.add(row)
    before.system.let_sleep(40 * DAY)
    life = Life(before, boot="another")
    life.server_told(NOW - HOUR + 40 * DAY)
    assert (life.row(row), life.clock.now()) == (row, NOW + 40 * DAY)


def test_server_time_is_applied_at_the_next_look_when_the_database_is_busy() -> None:
    life = Life()
    life.set_by(YEARS)
    life = Life(life, boot="another")
    row = moved(waiting(), YEARS)
    life.add(row)
    life.store.refusals = 1
    life.server_told(NOW)
    assert (life.clock.now(), life.row(row)) == (NOW + YEARS, row)
    asyncio.run(life.watch.follow_clock())
    assert (life.clock.now(), life.row(row)) == (NOW, waiting())


@pytest.mark.parametrize(("off", "age"), [(MINUTE, LATER), (MINUTE - TICK, LATER + MINUTE - TICK)])
def test_server_time_corrects_the_age_of_rows_from_a_minute_on(off: timedelta, age: timedelta) -> None:
    before = Life()
    before.server_told(NOW)
    row = waiting(changed_at=NOW)
    before.add(row)
    asyncio.run(before.system.advance(LATER))
    before.set_by(off)
    life = Life(before, boot="another")
    life.server_told(NOW + LATER)
    kept = life.row(row)
    assert kept.stage_at is not None
    assert life.clock.now() - kept.stage_at == age


def test_server_told_dates_rows_of_the_future_as_written_now() -> None:
    before = Life()
    before.server_told(NOW)
    row = waiting(changed_at=NOW + DAY, scheduled_at=NOW + DAY, stage_at=NOW + DAY)
    before.add(row)
    life = Life(before, boot="another")
    assert life.row(row) == row
    life.server_told(NOW)
    assert life.row(row) == waiting(changed_at=NOW, scheduled_at=NOW)

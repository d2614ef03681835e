"""Rate limiters over a restart: the stored state, and its use at the next start."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NoReturn

import pytest

from app.domain.contact import Contact
from app.domain.errors import DatabaseBusyError
from app.domain.events import Event, RateLimitHoldsChanged
from app.domain.identifiers import SessionId
from app.domain.notification import Notification, State
from app.domain.phone import Phone
from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import DAY, HOUR, NO_RATE_LIMIT, Hold, HoldReason, RateLimitPolicy, RateLimitStatus
from app.domain.restriction import NewChats, Restriction, RestrictionKind
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.clock.stepped_clock import SteppedClock
from app.services.event_bus import EventBus
from app.services.rate_limits.provider_limits_record import (
    ProviderLimitsSnapshot,
    load_provider_limits,
    save_provider_limits,
)
from app.services.rate_limits.rate_limiter import RateLimiter
from app.services.rate_limits.rate_limiters import RateLimiters
from app.services.rate_limits.send_history import SendAges, SendHistory, restore_history, stored_ages
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, SOON, Asked, owed
from tests.simulators.memory_identities import first_identity
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock
from tests.simulators.seeded_entropy import SeededEntropy

pytestmark = pytest.mark.requirement("X2")

SECOND, TICK = SessionId("second"), timedelta(microseconds=1)
CARLA, DAVI = Phone("+5571977776666"), Phone("+5571966665555")
ANAS, BIAS = first_identity(ANA), first_identity(BIA)
FULL = ProviderLimitsSnapshot(cooled=3, cool_until=NOW + SOON, refused=2, locked_until=NOW + LATER, told=True)
CAPPED = ProviderLimitsSnapshot(
    by_word=True, capped_until=NOW + LATER, new_chats=NewChats(9, 10, NOW + LATER)
)


@pytest.mark.parametrize(
    "restraint",
    [ProviderLimitsSnapshot(), FULL, CAPPED, ProviderLimitsSnapshot(cooled=1, new_chats=NewChats(1, 2))],
)
def test_provider_limits_are_read_back_for_the_number_that_had_them(
    restraint: ProviderLimitsSnapshot,
) -> None:
    asked = Asked(MemoryStore())
    asked.transact(lambda rows: save_provider_limits(rows, MAIN, restraint))
    assert asked.read(lambda rows: load_provider_limits(rows, MAIN)) == restraint
    assert asked.read(lambda rows: load_provider_limits(rows, SECOND)) == ProviderLimitsSnapshot()


def test_it_is_kept_under_the_names_that_an_earlier_version_wrote() -> None:
    asked = Asked(MemoryStore())
    words = {
        "cooled": 3,
        "cool_until": FULL.cool_until and FULL.cool_until.isoformat(),
        "refused": 2,
        "locked_until": FULL.locked_until and FULL.locked_until.isoformat(),
        "told": True,
    }
    asked.transact(lambda rows: rows.settings.set("restraint:main", json.dumps(words)))
    assert asked.read(lambda rows: load_provider_limits(rows, MAIN)) == FULL


@pytest.mark.parametrize(
    ("restraint", "cool_left", "lock_left"),
    [
        (ProviderLimitsSnapshot(), timedelta(0), timedelta(0)),
        (ProviderLimitsSnapshot(cool_until=NOW + LATER, locked_until=NOW + HOUR), LATER, HOUR),
        (ProviderLimitsSnapshot(cool_until=NOW + HOUR, locked_until=NOW + 2 * DAY), HOUR / 2, DAY),
        (ProviderLimitsSnapshot(locked_until=NOW + 2 * DAY, told=True), timedelta(0), 2 * DAY),
    ],
)
def test_own_hold_is_bounded_and_whatsapps_lasts_as_it_said(
    restraint: ProviderLimitsSnapshot, cool_left: timedelta, lock_left: timedelta
) -> None:
    assert restraint.cool_left(NOW) == cool_left
    assert restraint.lock_left(NOW) == lock_left


def test_an_hour_and_a_day_are_remembered_to_the_tick() -> None:
    lately, start = SendHistory(), timedelta(days=3)
    lately.record(ANAS, cold=True, waking=start, elapsed=start + DAY)
    lately.record(ANAS, cold=False, waking=start + SOON, elapsed=start + DAY + SOON)
    lately.record(BIAS, cold=True, waking=start, elapsed=start + DAY + SOON)
    assert lately.began == start + DAY
    lately.forget(start + HOUR - TICK, start + 2 * DAY - TICK)
    assert {phone: list(moments) for phone, moments in lately.customers.items()} == {
        ANAS: [start, start + SOON],
        BIAS: [start],
    }
    assert list(lately.strangers) == [start + DAY, start + DAY + SOON]
    lately.forget(start + HOUR, start + 2 * DAY)
    assert {phone: list(moments) for phone, moments in lately.customers.items()} == {ANAS: [start + SOON]}
    assert list(lately.strangers) == [start + DAY + SOON]
    lately.forget(start + 2 * HOUR, start + 3 * DAY)
    assert (lately.customers, list(lately.strangers), lately.began) == ({}, [], start + DAY)


OF_WHATSAPP = NOW - 9 * DAY
"""Its clock is another: no limit of ours goes by it (Z3)."""


def told(number: int, phone: Phone, ago: timedelta, session_id: SessionId = MAIN) -> Notification:
    return owed(
        f"o{number}",
        phone=phone,
        session_id=session_id,
        state=State.SENT,
        sending_at=NOW - ago,
        sent_at=OF_WHATSAPP,
    )


def ages_of(rows: Sequence[Notification] = (), contacts: Sequence[Contact] = ()) -> SendAges:
    """What is known of a number after these rows, with these contacts of Ana, Bia, Carla and Davi."""
    asked = Asked(MemoryStore())
    for row in rows:
        asked.add(row)
        asked.save(row)
    for phone, contact in zip((ANA, BIA, CARLA, DAVI), contacts, strict=False):
        asked.transact(lambda kept, p=phone, c=contact: kept.contacts.save(p, c))  # type: ignore[misc]
    return asked.read(lambda kept: stored_ages(kept, MAIN, NOW))


def test_of_a_number_nobody_used_nothing_is_known() -> None:
    assert ages_of() == SendAges()
    assert SendAges().last is None


def test_the_last_hour_and_the_last_day_of_this_number_are_taken_up() -> None:
    rows = [
        told(1, ANA, 2 * LATER),
        told(2, BIA, HOUR - TICK),
        told(3, CARLA, HOUR),
        told(4, CARLA, LATER, SECOND),
    ]
    told_at = [NOW - 3 * DAY, NOW - LATER, NOW - DAY + TICK, NOW - DAY]
    ages = ages_of(rows, [Contact(MAIN, first_sent_at=at) for at in told_at])
    told_lately = ((BIAS, HOUR - TICK), (ANAS, 2 * LATER))
    assert ages == SendAges(told_lately, strangers=(DAY - TICK, LATER), first=3 * DAY)
    assert ages.last == 2 * LATER


def test_after_a_clock_that_was_set_back_the_last_send_counts_as_just_now() -> None:
    nothing = timedelta(0)
    rows = [told(1, ANA, -LATER), told(2, BIA, nothing)]
    ages = ages_of(rows, [Contact(MAIN, first_sent_at=NOW + LATER), Contact(MAIN, first_sent_at=NOW)])
    assert ages == SendAges(((BIAS, LATER), (ANAS, nothing)), strangers=(LATER, nothing), first=LATER)


def test_what_is_remembered_stands_in_the_order_in_which_it_happened() -> None:
    ages = SendAges(((ANAS, SOON), (BIAS, LATER), (ANAS, 2 * SOON)), strangers=(LATER, SOON), first=HOUR)
    lately = restore_history(ages, DAY, 2 * DAY)
    assert {phone: list(moments) for phone, moments in lately.customers.items()} == {
        ANAS: [DAY - 2 * SOON, DAY - SOON],
        BIAS: [DAY - LATER],
    }
    assert list(lately.minute) == [DAY - 2 * SOON, DAY - SOON], "the last minute, less a tick"
    assert list(lately.strangers) == [2 * DAY - LATER, 2 * DAY - SOON]
    assert lately.began == 2 * DAY - HOUR
    assert restore_history(SendAges(), DAY, 2 * DAY) == SendHistory()


def locked_till(until: datetime) -> Restriction:
    return Restriction(RestrictionKind.TIME_LOCK, active=True, until=until)


class _RateLimitersHarness:
    """Two numbers whose clock stands at NOW, with what is published of their pace."""

    def __init__(self, policy: RateLimitPolicy = NO_RATE_LIMIT) -> None:
        self.asked, self.clock, self.events = Asked(MemoryStore()), MovedClock(NOW), list[Event]()
        bus = EventBus()
        bus.subscribe(Event, self.events.append)
        watch = ScheduleAdjuster(self.asked.store, bus, SteppedClock(self.clock))
        each = [RateLimiter(session, lambda: policy, watch, SeededEntropy()) for session in (MAIN, SECOND)]
        self.paces = RateLimiters(self.asked.store, bus, self.clock, each, QueuePolicy)

    def hold_of(self, row: Notification) -> Hold | None:
        return asyncio.run(self.paces.hold_of(row))


def test_a_restriction_is_told_kept_and_taken_up_by_the_number_it_is_for() -> None:
    harness, until = _RateLimitersHarness(), NOW + 3 * HOUR
    assert asyncio.run(harness.paces.apply_restriction(SECOND, locked_till(until)))
    assert not asyncio.run(harness.paces.apply_restriction(SECOND, locked_till(until)))
    assert not asyncio.run(harness.paces.apply_restriction(SessionId("unknown"), locked_till(until)))
    free, locked = [RateLimitStatus(each) for each in (MAIN, SECOND)]
    locked = replace(locked, holds=(Hold(HoldReason.COLD_LOCK, until),))
    assert harness.paces.statuses() == [free, locked]
    assert harness.events == [RateLimitHoldsChanged(locked)]
    next_life = _RateLimitersHarness()
    next_life.paces._store = harness.asked.store
    asyncio.run(next_life.paces.resume())
    assert next_life.paces.statuses() == [free, locked]


@pytest.mark.requirement("A3")
@pytest.mark.parametrize(("age", "in_time"), [(None, True), (20 * LATER, True), (20 * LATER + TICK, False)])
def test_hold_says_whether_its_message_will_still_be_fresh(age: timedelta | None, *, in_time: bool) -> None:
    harness, until = _RateLimitersHarness(), NOW + 10 * LATER
    asyncio.run(harness.paces.apply_restriction(MAIN, locked_till(until)))
    row = owed(stage_at=None if age is None else NOW - age)
    assert harness.hold_of(row) == Hold(HoldReason.COLD_LOCK, until, in_time=in_time)


def test_restriction_that_met_a_busy_database_is_kept_by_the_next_try() -> None:
    class Busy(MemoryStore):
        async def transact(self, _: object) -> NoReturn:
            raise DatabaseBusyError

    harness, until = _RateLimitersHarness(), NOW + 3 * HOUR
    harness.paces._store = Busy()
    with pytest.raises(DatabaseBusyError):
        asyncio.run(harness.paces.apply_restriction(MAIN, locked_till(until)))
    harness.paces._store = harness.asked.store
    assert asyncio.run(harness.paces.apply_restriction(MAIN, locked_till(until)))
    assert harness.events == [RateLimitHoldsChanged(harness.paces.status(MAIN))]
    assert harness.asked.read(lambda rows: load_provider_limits(rows, MAIN)).locked_until == until
    assert not asyncio.run(harness.paces.apply_restriction(MAIN, locked_till(until)))


def test_only_a_stranger_to_the_number_waits_for_its_lock() -> None:
    harness, until = _RateLimitersHarness(), NOW + 3 * HOUR
    asyncio.run(harness.paces.apply_restriction(MAIN, locked_till(until)))
    asyncio.run(harness.paces.apply_restriction(SECOND, locked_till(NOW + HOUR)))
    harness.asked.transact(lambda rows: rows.contacts.save(ANA, Contact(MAIN, first_inbound_at=NOW)))
    locked = Hold(HoldReason.COLD_LOCK, until)
    assert harness.hold_of(owed()) is None
    assert harness.hold_of(owed(phone=BIA)) == locked
    elsewhere = Hold(HoldReason.COLD_LOCK, NOW + HOUR)
    assert harness.hold_of(owed(session_id=SECOND)) == elsewhere
    assert harness.hold_of(owed(phone=BIA, state=State.SENT)) is None
    assert harness.hold_of(owed(phone=BIA, session_id=SessionId("unknown"))) is None

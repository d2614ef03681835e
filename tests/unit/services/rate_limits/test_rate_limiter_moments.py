"""Rate limiter of one number: at the moment itself, one tick before and one after."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.domain.attempt import Accepted, AttemptEnd, InDoubt, Rejected, RejectionKind
from app.domain.phone import Phone
from app.domain.rate_limit import DAY, HOUR, Eligibility, Hold, HoldReason, RateLimitPolicy, RateLimitStatus
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.clock.stepped_clock import SteppedClock
from app.services.event_bus import EventBus
from app.services.rate_limits.provider_limits_record import ProviderLimitsSnapshot
from app.services.rate_limits.rate_limiter import RateLimiter
from app.services.rate_limits.send_history import SendAges
from tests.contracts.asked_store import ANA, BIA, MAIN, NOW
from tests.simulators.memory_identities import first_identity
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("X2")

SECOND, MINUTE, TICK = timedelta(seconds=1), timedelta(minutes=1), timedelta(microseconds=1)
CARLA = Phone("+5571977776666")
POLICY = RateLimitPolicy(per_minute=6, per_customer_hour=2, warm_up=(2, 3))
# By a chance of one half the ten seconds become a quarter more.
GAP = 12.5 * SECOND
TAKEN, DOUBT = Accepted(NOW), InDoubt("ack_timeout")
SLOWER, REFUSED = Rejected(RejectionKind.RATE_LIMITED, 429), Rejected(RejectionKind.RESTRICTED, 463)


class _EvenChance:
    def fraction(self) -> float:
        return 0.5


class Number:
    """One number's pace, with a clock that stands at NOW until it is moved."""

    def __init__(self, policy: RateLimitPolicy = POLICY) -> None:
        self.clock = MovedClock(NOW)
        watch = ScheduleAdjuster(MemoryStore(), EventBus(), SteppedClock(self.clock))
        self.pace = RateLimiter(MAIN, lambda: policy, watch, _EvenChance())  # type: ignore[arg-type]

    def after(self, length: timedelta) -> "Number":
        asyncio.run(self.clock.advance(length))
        return self

    def told(self, phone: Phone, *, cold: bool, end: AttemptEnd = TAKEN) -> ProviderLimitsSnapshot | None:
        return self.pace.record_end(first_identity(phone), end, cold=cold)

    def held(self, phone: Phone = ANA, *, cold: bool = False) -> Hold | None:
        return self.pace.hold_of(first_identity(phone), cold=cold)


def reads(cold_today: int = 0, cold_cap: int | None = 2, **more: Any) -> RateLimitStatus:
    """What the gauge of a number on its first day says."""
    said = {"cold_today": cold_today, "cold_cap": cold_cap, "warm_up_day": 1, "per_minute": 6, **more}
    return RateLimitStatus(MAIN, **said)


def test_a_fresh_number_holds_nothing() -> None:
    number = Number()
    assert number.pace.status() == reads()
    assert number.pace.eligible() == Eligibility(MAIN, cold=True, capped_customers=frozenset())
    assert (number.held(cold=True), number.pace.next_change()) == (None, None)
    assert number.pace.room(10) == 1


def test_next_message_may_go_at_the_end_of_the_gap_and_not_a_tick_sooner() -> None:
    number = Number()
    number.pace.record_start()
    assert number.pace.status().next_free_at == NOW + GAP
    assert number.pace.next_change() == GAP
    assert number.after(GAP - TICK).held() == Hold(HoldReason.SPACING, NOW + GAP)
    assert number.pace.room(10) == 0
    assert number.after(TICK).held() is None
    assert (number.pace.room(10), number.pace.next_change()) == (1, None)
    assert number.pace.status().next_free_at is None


def test_without_our_own_pace_there_is_room_for_a_whole_batch_at_once() -> None:
    number = Number(RateLimitPolicy(per_minute=0, per_customer_hour=1, warm_up=(1,)))
    number.pace.record_start()
    number.told(ANA, cold=True)
    assert (number.pace.room(10), number.held(cold=True), number.pace.next_change()) == (10, None, None)
    assert number.pace.eligible() == Eligibility(MAIN, cold=True, capped_customers=frozenset())
    assert number.pace.status() == reads(1, None, warm_up_day=None, last_minute=1, per_minute=0)


@pytest.mark.parametrize("end", [TAKEN, DOUBT])
def test_customer_at_the_cap_rests_till_an_hour_after_the_second_last_one(end: AttemptEnd) -> None:
    number = Number()
    for minutes in (0, 10, 10):
        assert number.after(minutes * MINUTE).told(ANA, cold=False, end=end) is None
    rested = NOW + HOUR + 10 * MINUTE
    assert number.pace.eligible() == Eligibility(
        MAIN, cold=True, capped_customers=frozenset({first_identity(ANA)})
    )
    assert number.held(ANA) == Hold(HoldReason.CUSTOMER_HOUR, rested)
    assert number.held(BIA) is None
    assert number.pace.next_change() == rested - number.clock.now()
    number.after(rested - number.clock.now() - TICK)
    assert number.pace.eligible().capped_customers == {first_identity(ANA)}
    number.after(TICK)
    assert (number.pace.eligible().capped_customers, number.held(ANA)) == (frozenset(), None)


def test_strangers_wait_until_the_first_is_a_day_old_and_contacts_do_not() -> None:
    number = Number()
    number.told(ANA, cold=True)
    assert number.pace.eligible().cold
    number.after(HOUR).told(BIA, cold=True)
    assert not number.pace.eligible().cold
    assert number.held(CARLA, cold=True) == Hold(HoldReason.COLD_CAP, NOW + DAY)
    assert number.held(CARLA, cold=False) is None
    assert number.pace.next_change() == DAY - HOUR
    full = Hold(HoldReason.COLD_CAP, NOW + DAY)
    assert number.pace.status() == reads(2, last_minute=1, holds=(full,))
    number.after(DAY - HOUR - TICK)
    assert not number.pace.eligible().cold
    number.after(TICK)
    assert number.pace.eligible().cold
    assert number.pace.status() == reads(1, 3, warm_up_day=2)


def test_first_contact_in_flight_holds_the_next_and_no_known_customer() -> None:
    number = Number()
    number.pace.record_start()
    assert number.pace.eligible().cold
    number.pace.record_start(cold=True)
    number.pace.record_start()
    assert not number.pace.eligible().cold
    number.told(ANA, cold=True)
    assert number.pace.eligible().cold


def test_status_changes_by_itself_when_the_warm_up_reaches_its_next_day() -> None:
    number = Number()
    number.told(ANA, cold=False)
    assert number.pace.next_status_change() == MINUTE
    number.after(HOUR).pace.status()
    assert number.pace.next_status_change() == 23 * HOUR
    number.after(25 * HOUR)
    assert number.pace.next_status_change() == 22 * HOUR


def test_warm_up_reaches_its_next_day_even_if_todays_strangers_are_younger() -> None:
    number = Number()
    number.told(CARLA, cold=False)
    for phone in (ANA, BIA):
        number.after(HOUR).told(phone, cold=True)
    assert number.held(CARLA, cold=True) == Hold(HoldReason.COLD_CAP, NOW + DAY)


@pytest.mark.parametrize(
    ("first", "wait"), [(30 * HOUR, 4 * HOUR), (44 * HOUR, 4 * HOUR), (46 * HOUR, 2 * HOUR), (2 * DAY, None)]
)
def test_of_more_strangers_than_are_allowed_the_latest_count(
    first: timedelta, wait: timedelta | None
) -> None:
    number = Number()
    strangers = (23 * HOUR, 20 * HOUR, 10 * HOUR, 5 * HOUR)
    number.pace.resume(SendAges(strangers=strangers, first=first), ProviderLimitsSnapshot())
    assert number.pace.next_change() == wait
    expected = wait and Hold(HoldReason.COLD_CAP, NOW + wait)
    assert number.held(cold=True) == expected


def test_what_was_not_taken_counts_for_no_limit() -> None:
    number = Number()
    for _ in range(3):
        number.told(ANA, cold=True, end=Rejected(RejectionKind.TRANSIENT))
    assert number.pace.status().cold_today == 0
    assert number.pace.eligible().capped_customers == frozenset()


def test_usage_counts_a_minute_to_the_tick_and_knows_its_next_change() -> None:
    number = Number()
    number.told(ANA, cold=True)
    number.after(20 * SECOND).told(BIA, cold=False)
    assert (number.pace.status().last_minute, number.pace.next_status_change()) == (2, 40 * SECOND)
    assert number.after(40 * SECOND - TICK).pace.status().last_minute == 2
    assert number.after(TICK).pace.status().last_minute == 1
    assert number.pace.next_status_change() == 20 * SECOND
    assert number.after(20 * SECOND).pace.status() == reads(1)
    assert number.pace.next_status_change() == DAY - 80 * SECOND


def test_a_gauge_that_only_news_can_change_waits_for_nothing() -> None:
    assert Number(RateLimitPolicy(warm_up=())).pace.next_status_change() is None


def test_a_new_life_goes_on_where_the_last_one_ended() -> None:
    number = Number()
    ana, bia = first_identity(ANA), first_identity(BIA)
    ages = SendAges(((ana, 40 * MINUTE), (bia, 5 * SECOND), (ana, 20 * MINUTE)), (3 * HOUR,), 5 * HOUR)
    kept = ProviderLimitsSnapshot(2, NOW + 2 * MINUTE, 2, NOW + 6 * HOUR, told=True)
    number.pace.resume(ages, kept)
    locked, cool = NOW + 6 * HOUR, NOW + 2 * MINUTE
    holds = (Hold(HoldReason.COOL_DOWN, cool), Hold(HoldReason.COLD_LOCK, locked))
    assert number.pace.status() == reads(1, next_free_at=cool, last_minute=1, holds=holds)
    assert number.held(BIA) == Hold(HoldReason.COOL_DOWN, cool)
    assert number.held(ANA) == Hold(HoldReason.CUSTOMER_HOUR, NOW + 20 * MINUTE)
    assert number.pace.next_change() == GAP - 5 * SECOND
    slowed = number.after(2 * MINUTE).told(ANA, cold=True, end=SLOWER)
    assert slowed == ProviderLimitsSnapshot(3, NOW + 6 * MINUTE, 2, locked, told=True, by_word=True)

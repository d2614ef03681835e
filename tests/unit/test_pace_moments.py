"""What one number may do at which moment: to the moment itself, one tick before it and one after."""

import asyncio
from datetime import timedelta

import pytest

from app.domain.attempt import Accepted, AttemptEnd, InDoubt, Rejected, RejectionKind
from app.domain.pacing import DAY, HOUR, Eligibility, Hold, HoldReason, PaceGauge, PacePolicy
from app.domain.phone import Phone
from app.services.event_bus import EventBus
from app.services.notifications.pace import Pace
from app.services.notifications.restraint import Restraint
from app.services.notifications.sent_lately import Ages
from app.services.notifications.wall_watch import WallWatch
from tests.contracts.asked_store import ANA, BIA, MAIN, NOW
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("X2")

SECOND, MINUTE, TICK = timedelta(seconds=1), timedelta(minutes=1), timedelta(microseconds=1)
CARLA = Phone("+5571977776666")
POLICY = PacePolicy(per_minute=6, per_customer_hour=2, warm_up=(2, 3))
# By a chance of one half the ten seconds become a quarter more.
GAP = 12.5 * SECOND
TAKEN, DOUBT = Accepted(NOW), InDoubt("ack_timeout")
SLOWER, REFUSED = Rejected(RejectionKind.RATE_LIMITED, 429), Rejected(RejectionKind.RESTRICTED, 463)


class _EvenChance:
    def fraction(self) -> float:
        return 0.5


class Number:
    """One number's pace, with a clock that stands at NOW until it is moved."""

    def __init__(self, policy: PacePolicy = POLICY) -> None:
        self.clock = MovedClock(NOW)
        watch = WallWatch(MemoryStore(), EventBus(), self.clock)
        self.pace = Pace(MAIN, policy, watch, _EvenChance())  # type: ignore[arg-type]

    def after(self, length: timedelta) -> "Number":
        asyncio.run(self.clock.advance(length))
        return self

    def told(self, phone: Phone, *, cold: bool, end: AttemptEnd = TAKEN) -> Restraint | None:
        return self.pace.ended(phone, end, cold=cold)

    def held(self, phone: Phone = ANA, *, cold: bool = False) -> Hold | None:
        return self.pace.hold_of(phone, cold=cold)


def test_a_fresh_number_holds_nothing() -> None:
    number = Number()
    assert number.pace.gauge() == PaceGauge(MAIN, None, 0, 2, None, None)
    assert number.pace.eligible() == Eligibility(MAIN, cold=True, resting=frozenset())
    assert (number.held(cold=True), number.pace.next_change()) == (None, None)
    assert number.pace.room(10) == 1


def test_the_next_message_may_go_at_the_end_of_the_gap_and_not_a_tick_sooner() -> None:
    number = Number()
    number.pace.begun()
    assert number.pace.gauge().next_free_at == NOW + GAP
    assert number.pace.next_change() == GAP
    assert number.after(GAP - TICK).held() == Hold(HoldReason.SPACING, NOW + GAP)
    assert number.pace.room(10) == 0
    assert number.after(TICK).held() is None
    assert (number.pace.room(10), number.pace.next_change()) == (1, None)
    assert number.pace.gauge().next_free_at is None


def test_without_our_own_pace_there_is_room_for_a_whole_batch_at_once() -> None:
    number = Number(PacePolicy(per_minute=0, per_customer_hour=1, warm_up=(1,)))
    number.pace.begun()
    number.told(ANA, cold=True)
    assert (number.pace.room(10), number.held(cold=True), number.pace.next_change()) == (10, None, None)
    assert number.pace.eligible() == Eligibility(MAIN, cold=True, resting=frozenset())
    assert number.pace.gauge() == PaceGauge(MAIN, None, 1, None, None, None)


@pytest.mark.parametrize("end", [TAKEN, DOUBT])
def test_who_was_told_enough_rests_until_an_hour_after_the_second_last_message(end: AttemptEnd) -> None:
    number = Number()
    for minutes in (0, 10, 10):
        assert number.after(minutes * MINUTE).told(ANA, cold=False, end=end) is None
    rested = NOW + HOUR + 10 * MINUTE
    assert number.pace.eligible() == Eligibility(MAIN, cold=True, resting=frozenset({ANA}))
    assert number.held(ANA) == Hold(HoldReason.CUSTOMER_HOUR, rested)
    assert number.held(BIA) is None
    assert number.pace.next_change() == rested - number.clock.now()
    number.after(rested - number.clock.now() - TICK)
    assert number.pace.eligible().resting == {ANA}
    number.after(TICK)
    assert (number.pace.eligible().resting, number.held(ANA)) == (frozenset(), None)


def test_strangers_wait_until_the_first_of_them_is_a_day_old_and_those_known_do_not() -> None:
    number = Number()
    number.told(ANA, cold=True)
    assert number.pace.eligible().cold
    number.after(HOUR).told(BIA, cold=True)
    assert not number.pace.eligible().cold
    assert number.held(CARLA, cold=True) == Hold(HoldReason.COLD_CAP, NOW + DAY)
    assert number.held(CARLA, cold=False) is None
    assert number.pace.next_change() == DAY - HOUR
    assert number.pace.gauge() == PaceGauge(MAIN, None, 2, 2, None, None)
    number.after(DAY - HOUR - TICK)
    assert not number.pace.eligible().cold
    number.after(TICK)
    assert number.pace.eligible().cold
    assert number.pace.gauge() == PaceGauge(MAIN, None, 1, 3, None, None)


def test_the_number_grows_into_its_next_day_even_if_todays_strangers_are_younger() -> None:
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
    number.pace.resume(Ages(strangers=strangers, first=first), Restraint())
    assert number.pace.next_change() == wait
    expected = wait and Hold(HoldReason.COLD_CAP, NOW + wait)
    assert number.held(cold=True) == expected


def test_too_many_requests_cool_the_whole_number_and_are_kept() -> None:
    number = Number()
    assert number.told(ANA, cold=True, end=SLOWER) == Restraint(cooled=1, cool_until=NOW + MINUTE)
    assert number.held() == Hold(HoldReason.COOL_DOWN, NOW + MINUTE)
    assert number.pace.gauge() == PaceGauge(MAIN, NOW + MINUTE, 0, 2, NOW + MINUTE, None)
    assert number.after(MINUTE - TICK).pace.room(10) == 0
    assert number.after(TICK).pace.room(10) == 1
    again = number.told(ANA, cold=True, end=SLOWER)
    assert again == Restraint(cooled=2, cool_until=NOW + 3 * MINUTE)


@pytest.mark.parametrize(("tick", "cooled"), [(timedelta(0), 2), (TICK, 1)])
def test_a_cool_down_that_ended_over_half_an_hour_ago_counts_no_more(tick: timedelta, cooled: int) -> None:
    number = Number()
    number.told(ANA, cold=True, end=SLOWER)
    number.after(MINUTE + 30 * MINUTE + tick)
    until = number.clock.now() + cooled * MINUTE
    assert number.told(ANA, cold=True, end=SLOWER) == Restraint(cooled=cooled, cool_until=until)


def test_the_cool_down_is_named_before_the_gap_that_ends_with_it() -> None:
    number = Number(PacePolicy(per_minute=1))
    number.pace.begun()
    number.after(15 * SECOND).told(ANA, cold=True, end=SLOWER)
    assert number.held() == Hold(HoldReason.COOL_DOWN, NOW + 75 * SECOND)


def test_the_third_refusal_locks_strangers_out_for_a_day_and_counts_anew() -> None:
    number = Number()
    for refused in (1, 2):
        assert number.told(ANA, cold=True, end=REFUSED) == Restraint(cool_until=NOW, refused=refused)
    assert number.held(cold=True) is None
    locked = Restraint(cool_until=NOW, refused=0, locked_until=NOW + DAY)
    assert number.told(ANA, cold=True, end=REFUSED) == locked
    assert number.held(cold=True) == Hold(HoldReason.COLD_LOCK, NOW + DAY)
    assert (number.held(cold=False), number.pace.eligible().cold) == (None, False)
    assert number.pace.gauge().cold_lock_until == NOW + DAY
    assert number.pace.next_change() == DAY
    within = number.told(ANA, cold=True, end=REFUSED)
    assert within == Restraint(cool_until=NOW, refused=1, locked_until=NOW + DAY)
    number.after(DAY - TICK)
    assert not number.pace.eligible().cold
    assert number.after(TICK).pace.eligible().cold
    assert number.pace.gauge().cold_lock_until is None


def test_a_stranger_who_was_told_ends_the_count_of_refusals_and_nobody_else_does() -> None:
    number = Number()
    assert number.told(ANA, cold=True) is None
    number.told(ANA, cold=True, end=REFUSED)
    for end in (TAKEN, DOUBT, Rejected(RejectionKind.TRANSIENT)):
        assert number.told(BIA, cold=False, end=end) is None
    assert number.told(BIA, cold=True, end=DOUBT) is None
    assert number.pace.gauge().cold_today == 2
    assert number.told(BIA, cold=True) == Restraint(cool_until=NOW)


def test_what_was_not_taken_counts_for_no_limit() -> None:
    number = Number()
    for _ in range(3):
        number.told(ANA, cold=True, end=Rejected(RejectionKind.TRANSIENT))
    assert number.pace.gauge().cold_today == 0
    assert number.pace.eligible().resting == frozenset()


def test_whatsapps_own_word_counts_as_it_was_said_and_forgets_the_refusals() -> None:
    number = Number()
    number.told(ANA, cold=True, end=REFUSED)
    until = NOW + 3 * DAY
    told = Restraint(cool_until=NOW, refused=0, locked_until=until, told=True)
    assert number.pace.restricted(until) == told
    assert number.held(cold=True) == Hold(HoldReason.COLD_LOCK, until)
    assert number.pace.restricted(None) == Restraint(cool_until=NOW, locked_until=NOW + DAY)
    assert number.pace.restricted(NOW - HOUR) == Restraint(cool_until=NOW, told=True)
    assert number.held(cold=True) is None


def test_a_lock_of_our_own_after_whatsapps_is_not_its_word() -> None:
    number = Number()
    number.pace.restricted(NOW + HOUR)
    number.after(HOUR)
    for _ in range(2):
        number.told(ANA, cold=True, end=REFUSED)
    now = number.clock.now()
    ours = Restraint(cool_until=NOW, refused=0, locked_until=now + DAY, told=False)
    assert number.told(ANA, cold=True, end=REFUSED) == ours


def test_a_new_life_goes_on_where_the_last_one_ended() -> None:
    number = Number()
    ages = Ages(((ANA, 40 * MINUTE), (BIA, 5 * SECOND), (ANA, 20 * MINUTE)), (3 * HOUR,), 5 * HOUR)
    kept = Restraint(2, NOW + 2 * MINUTE, 2, NOW + 6 * HOUR, told=True)
    number.pace.resume(ages, kept)
    lock, cool = NOW + 6 * HOUR, NOW + 2 * MINUTE
    assert number.pace.gauge() == PaceGauge(MAIN, cool, 1, 2, cool, lock)
    assert number.held(BIA) == Hold(HoldReason.COOL_DOWN, cool)
    assert number.held(ANA) == Hold(HoldReason.CUSTOMER_HOUR, NOW + 20 * MINUTE)
    assert number.pace.next_change() == GAP - 5 * SECOND
    slowed = number.after(2 * MINUTE).told(ANA, cold=True, end=SLOWER)
    assert slowed == Restraint(3, NOW + 6 * MINUTE, 2, lock, told=True)

"""Provider limits of one number after WhatsApp's answers: at the moment, one tick before and after."""

from datetime import datetime, timedelta

import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.rate_limit import DAY, HOUR, Hold, HoldReason, RateLimitPolicy
from app.domain.restriction import NewChats, Restriction, RestrictionKind
from app.services.rate_limits.provider_limits_record import ProviderLimitsSnapshot
from app.services.rate_limits.send_history import SendAges
from tests.contracts.asked_store import ANA, BIA, NOW
from tests.unit.services.rate_limits.test_rate_limiter_moments import (
    DOUBT,
    MINUTE,
    REFUSED,
    SECOND,
    SLOWER,
    TAKEN,
    TICK,
    Number,
    reads,
)

pytestmark = pytest.mark.requirement("X2")

LIFTED = Restriction(RestrictionKind.TIME_LOCK, active=False)


def lock(until: datetime | None) -> Restriction:
    return Restriction(RestrictionKind.TIME_LOCK, active=True, until=until)


def cap(until: datetime | None, used: int = 10, *, active: bool = True) -> Restriction:
    return Restriction(RestrictionKind.NEW_CHAT_CAP, active, until, used, 10)


def test_too_many_requests_cool_the_whole_number_and_are_kept() -> None:
    number = Number()
    assert number.told(ANA, cold=True, end=SLOWER) == ProviderLimitsSnapshot(
        cooled=1, cool_until=NOW + MINUTE
    )
    assert number.held() == Hold(HoldReason.COOL_DOWN, NOW + MINUTE)
    rest = Hold(HoldReason.COOL_DOWN, NOW + MINUTE)
    assert number.pace.status() == reads(next_free_at=NOW + MINUTE, holds=(rest,))
    assert number.after(MINUTE - TICK).pace.room(10) == 0
    assert number.after(TICK).pace.room(10) == 1
    again = number.told(ANA, cold=True, end=SLOWER)
    assert again == ProviderLimitsSnapshot(cooled=2, cool_until=NOW + 3 * MINUTE)


@pytest.mark.parametrize(("tick", "cooled"), [(timedelta(0), 2), (TICK, 1)])
def test_a_cool_down_that_ended_over_half_an_hour_ago_counts_no_more(tick: timedelta, cooled: int) -> None:
    number = Number()
    number.told(ANA, cold=True, end=SLOWER)
    number.after(MINUTE + 30 * MINUTE + tick)
    until = number.clock.now() + cooled * MINUTE
    assert number.told(ANA, cold=True, end=SLOWER) == ProviderLimitsSnapshot(cooled=cooled, cool_until=until)


def test_the_cool_down_is_named_before_the_gap_that_ends_with_it() -> None:
    number = Number(RateLimitPolicy(per_minute=1))
    number.pace.record_start()
    number.after(15 * SECOND).told(ANA, cold=True, end=SLOWER)
    assert number.held() == Hold(HoldReason.COOL_DOWN, NOW + 75 * SECOND)


def test_the_third_refusal_locks_strangers_out_for_a_day_and_counts_anew() -> None:
    number = Number()
    for refused in (1, 2):
        assert number.told(ANA, cold=True, end=REFUSED) == ProviderLimitsSnapshot(
            cool_until=NOW, refused=refused
        )
    assert number.held(cold=True) is None
    locked = ProviderLimitsSnapshot(cool_until=NOW, refused=0, locked_until=NOW + DAY)
    assert number.told(ANA, cold=True, end=REFUSED) == locked
    assert number.held(cold=True) == Hold(HoldReason.COLD_LOCK, NOW + DAY)
    assert (number.held(cold=False), number.pace.eligible().cold) == (None, False)
    assert number.pace.status().holds == (Hold(HoldReason.COLD_LOCK, NOW + DAY),)
    assert number.pace.next_change() == DAY
    within = number.told(ANA, cold=True, end=REFUSED)
    assert within == ProviderLimitsSnapshot(cool_until=NOW, refused=1, locked_until=NOW + DAY)
    number.after(DAY - TICK)
    assert not number.pace.eligible().cold
    assert number.after(TICK).pace.eligible().cold
    assert number.pace.status().holds == ()


def test_stranger_who_was_told_alone_ends_the_count_of_refusals() -> None:
    number = Number()
    assert number.told(ANA, cold=True) is None
    number.told(ANA, cold=True, end=REFUSED)
    for end in (TAKEN, DOUBT, Rejected(RejectionKind.TRANSIENT)):
        assert number.told(BIA, cold=False, end=end) is None
    assert number.told(BIA, cold=True, end=DOUBT) is None
    assert number.pace.status().cold_today == 2
    assert number.told(BIA, cold=True) == ProviderLimitsSnapshot(cool_until=NOW)


def test_whatsapps_own_word_counts_as_it_was_said_and_forgets_the_refusals() -> None:
    number = Number()
    number.told(ANA, cold=True, end=REFUSED)
    until = NOW + 3 * DAY
    told = ProviderLimitsSnapshot(cool_until=NOW, refused=0, locked_until=until, told=True, by_word=True)
    assert number.pace.apply_restriction(lock(until)) == told
    assert number.held(cold=True) == Hold(HoldReason.COLD_LOCK, until)
    endless = ProviderLimitsSnapshot(cool_until=NOW, locked_until=NOW + DAY, by_word=True)
    assert number.pace.apply_restriction(lock(None)) == endless
    assert number.pace.apply_restriction(LIFTED) == ProviderLimitsSnapshot(cool_until=NOW)
    assert number.held(cold=True) is None
    number.pace.apply_restriction(lock(until))
    assert number.pace.apply_restriction(lock(NOW - HOUR)) == ProviderLimitsSnapshot(
        cool_until=NOW, told=True
    )
    assert number.held(cold=True) is None


def test_new_chat_cap_is_counted_held_and_lifted_apart_from_the_time_lock() -> None:
    number = Number()
    counted = NewChats(7, 10, NOW + DAY)
    kept = number.pace.apply_restriction(cap(NOW + DAY, used=7, active=False))
    assert kept == ProviderLimitsSnapshot(cool_until=NOW, new_chats=counted)
    assert number.pace.status() == reads(new_chats=counted)
    assert number.held(cold=True) is None
    number.pace.apply_restriction(cap(NOW + DAY))
    capped = Hold(HoldReason.NEW_CHAT_CAP, NOW + DAY)
    assert (number.held(cold=True), number.held(cold=False)) == (capped, None)
    assert not number.pace.eligible().cold
    number.pace.apply_restriction(LIFTED)
    assert number.held(cold=True) == capped
    number.pace.apply_restriction(lock(NOW + HOUR))
    number.pace.apply_restriction(cap(NOW + DAY, used=0, active=False))
    assert number.held(cold=True) == Hold(HoldReason.COLD_LOCK, NOW + HOUR)
    assert number.pace.status().new_chats == NewChats(0, 10, NOW + DAY)


def test_a_cap_ends_with_its_cycle_and_what_was_counted_with_it() -> None:
    number = Number()
    number.pace.apply_restriction(cap(NOW + DAY))
    assert number.pace.next_change() == DAY
    number.after(DAY - TICK)
    assert number.held(cold=True)
    assert number.pace.next_status_change() == TICK
    number.after(TICK)
    assert (number.held(cold=True), number.pace.status().new_chats) == (None, None)


def test_a_cap_of_unknown_end_holds_a_day_and_shows_no_end_of_its_cycle() -> None:
    number = Number()
    number.pace.apply_restriction(cap(None))
    assert number.held(cold=True) == Hold(HoldReason.NEW_CHAT_CAP, NOW + DAY)
    assert number.pace.status().new_chats == NewChats(10, 10)
    number.pace.apply_restriction(Restriction(RestrictionKind.NEW_CHAT_CAP, active=False))
    assert (number.held(cold=True), number.pace.status().new_chats) == (None, None)


@pytest.mark.parametrize(("used", "total"), [(None, 10), (7, None)])
def test_new_chats_are_shown_only_when_both_counts_are_known(used: int | None, total: int | None) -> None:
    number = Number()
    number.pace.apply_restriction(Restriction(RestrictionKind.NEW_CHAT_CAP, True, NOW + DAY, used, total))
    assert number.held(cold=True) == Hold(HoldReason.NEW_CHAT_CAP, NOW + DAY)
    assert number.pace.status().new_chats is None


def test_lock_that_is_lifted_when_it_ends_keeps_the_refusals_since_then() -> None:
    number = Number()
    number.pace.apply_restriction(lock(NOW + HOUR))
    number.after(HOUR)
    number.told(ANA, cold=True, end=REFUSED)
    assert number.pace.apply_restriction(LIFTED).refused == 1


def test_a_lock_of_our_own_after_whatsapps_is_not_its_word() -> None:
    number = Number()
    number.pace.apply_restriction(lock(NOW + HOUR))
    number.after(HOUR)
    for _ in range(2):
        number.told(ANA, cold=True, end=REFUSED)
    now = number.clock.now()
    ours = ProviderLimitsSnapshot(cool_until=NOW, refused=0, locked_until=now + DAY, told=False)
    assert number.told(ANA, cold=True, end=REFUSED) == ours


def test_lock_after_refusals_outlasts_whatsapps_ignorance_and_a_restart() -> None:
    number = Number()
    number.pace.resume(SendAges(), ProviderLimitsSnapshot(locked_until=NOW + HOUR))
    number.pace.apply_restriction(LIFTED)
    assert number.held(cold=True) == Hold(HoldReason.COLD_LOCK, NOW + HOUR)
    number.pace.resume(SendAges(), ProviderLimitsSnapshot(locked_until=NOW + HOUR, by_word=True))
    number.pace.apply_restriction(LIFTED)
    assert number.held(cold=True) is None


def test_a_cap_goes_on_in_a_new_life_with_what_was_counted() -> None:
    number, chats = Number(), NewChats(10, 10, NOW + DAY)
    kept = ProviderLimitsSnapshot(capped_until=NOW + DAY, new_chats=chats)
    number.pace.resume(SendAges(), kept)
    assert number.held(cold=True) == Hold(HoldReason.NEW_CHAT_CAP, NOW + DAY)
    assert number.pace.status().new_chats == chats

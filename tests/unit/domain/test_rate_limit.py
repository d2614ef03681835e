"""Rate limit policy: gaps, caps and cool-downs have the promised figures."""

from datetime import timedelta

import pytest

from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.rate_limit import DAY, NO_RATE_LIMIT, Eligibility, RateLimitPolicy, cool_down
from app.domain.retry_policy import RetryPolicy
from tests.contracts.asked_store import ANA, BIA, MAIN, NOW
from tests.simulators.memory_identities import first_identity

pytestmark = pytest.mark.requirement("X2")

SECOND, TICK = timedelta(seconds=1), timedelta(microseconds=1)


def test_the_shops_own_figures_stand_where_nobody_sets_others() -> None:
    assert RateLimitPolicy() == RateLimitPolicy(
        per_minute=20, per_customer_hour=10, warm_up=(30, 60, 120, 250)
    )
    assert RetryPolicy() == RetryPolicy(3, SECOND, 2, 30 * SECOND)
    assert (RateLimitPolicy().on, RateLimitPolicy(per_minute=1).on, NO_RATE_LIMIT.on) == (True, True, False)


@pytest.mark.parametrize(("chance", "seconds"), [(0, 10), (0.5, 12.5), (1, 15)])
def test_a_gap_grows_by_chance_up_to_half_as_long_again(chance: float, seconds: float) -> None:
    assert RateLimitPolicy(per_minute=6).gap(chance) == seconds * SECOND
    assert NO_RATE_LIMIT.gap(chance) == timedelta(0)


@pytest.mark.parametrize(
    ("age", "cap"),
    [(-DAY, 2), (timedelta(0), 2), (DAY - TICK, 2), (DAY, 5), (2 * DAY - TICK, 5), (2 * DAY, None)],
)
def test_a_new_number_may_speak_to_more_strangers_each_day(age: timedelta, cap: int | None) -> None:
    assert RateLimitPolicy(warm_up=(2, 5)).cold_cap(age) == cap
    assert RateLimitPolicy(per_minute=0, warm_up=(2, 5)).cold_cap(age) is None


def test_first_cool_down_is_a_minute_and_none_is_longer_than_half_an_hour() -> None:
    assert [cool_down(times) // SECOND for times in (1, 2, 5, 6, 100)] == [60, 120, 960, 1800, 1800]


@pytest.mark.parametrize(
    ("eligible", "admitted"),
    [
        (Eligibility(MAIN), [True, True, True, True]),
        (Eligibility(MAIN, cold=False), [True, False, True, False]),
        (Eligibility(MAIN, capped_customers=frozenset({first_identity(ANA)})), [False, False, True, True]),
        (
            Eligibility(MAIN, cold=False, capped_customers=frozenset({first_identity(ANA)})),
            [False, False, True, False],
        ),
    ],
)
def test_who_rests_is_not_admitted_nor_a_stranger_while_strangers_wait(
    eligible: Eligibility, admitted: list[bool]
) -> None:
    asked = [(phone, cold) for phone in (ANA, BIA) for cold in (False, True)]
    assert [eligible.admits(first_identity(phone), cold=cold) for phone, cold in asked] == admitted


@pytest.mark.requirement("P2")
@pytest.mark.parametrize(
    ("account", "lasts"), [(WhatsAppAccount("5573@s.whatsapp.net"), 30 * DAY), (None, DAY)]
)
def test_what_whatsapp_said_of_a_number_counts_to_the_tick(
    account: WhatsAppAccount | None, lasts: timedelta
) -> None:
    known = KnownNumber(ANA, account, NOW)
    moments = (-TICK, timedelta(0), lasts - TICK, lasts)
    assert [known.fresh_at(NOW + each) for each in moments] == [False, True, True, False]

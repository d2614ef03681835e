"""Recycling policy: at the limit itself, and one step before and after."""

from datetime import timedelta

from app.domain.recycling import RecyclingPolicy

POLICY, TICK = RecyclingPolicy(), timedelta(microseconds=1)
LARGE = POLICY.most_memory + 1


def test_process_is_too_large_above_the_limit_once_it_has_settled() -> None:
    assert POLICY.is_too_large(LARGE, POLICY.settled_after)
    assert not POLICY.is_too_large(LARGE - 1, POLICY.settled_after)
    assert not POLICY.is_too_large(LARGE, POLICY.settled_after - TICK)


def test_process_is_due_at_night_from_an_age_on() -> None:
    due = [hour for hour in range(24) if POLICY.is_due_tonight(POLICY.old_after, hour)]
    assert due == [3, 4]
    assert not POLICY.is_due_tonight(POLICY.old_after - TICK, 3)

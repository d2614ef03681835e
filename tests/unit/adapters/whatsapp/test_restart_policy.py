"""Restart policy of a sidecar that died."""

from datetime import timedelta

from app.adapters.whatsapp.restart_policy import AT_ONCE, SLOW_PAUSE, RestartPolicy

SECOND = timedelta(seconds=1)


def test_deaths_further_apart_than_a_minute_never_add_up() -> None:
    policy = RestartPolicy()
    for death in range(20):
        assert policy.pause_after_death(death * 21 * SECOND, had_been_open=False) == AT_ONCE
    assert not policy.given_up


def test_the_fourth_death_within_a_minute_slows_down_until_one_was_open() -> None:
    policy = RestartPolicy()
    pauses = [
        policy.pause_after_death(moment * SECOND, had_been_open=False) for moment in (0, 19, 38, 57, 200)
    ]
    assert pauses == [AT_ONCE, AT_ONCE, AT_ONCE, SLOW_PAUSE, SLOW_PAUSE]
    assert policy.given_up
    assert policy.pause_after_death(300 * SECOND, had_been_open=True) == AT_ONCE
    assert policy.pause_after_death(301 * SECOND, had_been_open=False) == AT_ONCE

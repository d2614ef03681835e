"""Liveness policy: at the age itself, and one tick before and after."""

from datetime import timedelta

import pytest

from app.domain.liveness import LivenessPolicy
from app.domain.session import ConnectionState

pytestmark = pytest.mark.requirement("S4")
TICK, POLICY = timedelta(microseconds=1), LivenessPolicy()
CONNECTED, UNSTABLE = ConnectionState.CONNECTED, ConnectionState.UNSTABLE


def test_connection_is_dead_from_this_age_of_its_last_answer_on() -> None:
    dead = POLICY.dead_after
    assert [POLICY.is_dead(age) for age in (dead - TICK, dead, None)] == [False, True, True]


def test_connection_is_shown_as_connected_up_to_an_age_of_its_answer() -> None:
    ages = (POLICY.alive_for, POLICY.alive_for + TICK, None)
    assert [POLICY.state_after(CONNECTED, age) for age in ages] == [CONNECTED, UNSTABLE, UNSTABLE]
    assert POLICY.state_after(ConnectionState.CONNECTING, timedelta(0)) is ConnectionState.CONNECTING

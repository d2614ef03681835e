"""Sound policy: calls once per event, again while no person came, never while muted."""

from datetime import timedelta

import pytest

from app.domain.identifiers import SessionId
from app.ports.sounds import Sound
from app.services.attention.sound_policy import MUTE_FOR, SoundFacts, SoundPolicy

pytestmark = pytest.mark.requirement("C8")

NUMBER = SessionId("main")


def at(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_policy_calls_for_an_untold_order_until_a_person_looks() -> None:
    policy, facts = SoundPolicy(), SoundFacts(untold=1)
    assert policy.step(facts, at(0)) == [Sound.UNTOLD]
    assert policy.step(facts, at(29)) == []
    assert policy.step(facts, at(30)) == [Sound.UNTOLD]
    assert policy.step(facts, at(60)) == [Sound.UNTOLD]
    policy.acknowledge_untold()
    assert policy.step(facts, at(600)) == []
    assert policy.step(SoundFacts(untold=2), at(601)) == [Sound.UNTOLD]


def test_policy_ends_the_call_when_every_customer_was_told() -> None:
    policy = SoundPolicy()
    policy.step(SoundFacts(untold=2), at(0))
    assert policy.step(SoundFacts(untold=1), at(1)) == []
    assert policy.step(SoundFacts(untold=1), at(30)) == [Sound.UNTOLD]
    assert policy.step(SoundFacts(), at(60)) == []
    assert policy.step(SoundFacts(untold=1), at(61)) == [Sound.UNTOLD]


def test_policy_calls_for_a_reply_twice_at_most() -> None:
    policy, facts = SoundPolicy(), SoundFacts(unread=1)
    assert policy.step(facts, at(0)) == [Sound.REPLY]
    assert policy.step(facts, at(59)) == []
    assert policy.step(facts, at(60)) == [Sound.REPLY]
    assert policy.step(facts, at(600)) == []
    assert policy.step(SoundFacts(unread=2), at(601)) == [Sound.REPLY]
    assert policy.step(SoundFacts(), at(610)) == []
    assert policy.step(SoundFacts(), at(700)) == []


def test_policy_calls_once_for_a_loss_of_two_minutes() -> None:
    policy, lost = SoundPolicy(), SoundFacts(lost=frozenset({NUMBER}))
    assert policy.step(lost, at(0)) == []
    assert policy.step(lost, at(119)) == []
    assert policy.step(lost, at(120)) == [Sound.CONNECTION_LOST]
    assert policy.step(lost, at(900)) == []
    assert policy.step(SoundFacts(), at(901)) == []
    assert policy.step(lost, at(902)) == []
    assert policy.step(lost, at(1022)) == [Sound.CONNECTION_LOST]


def test_policy_is_silent_about_a_short_loss() -> None:
    policy, lost = SoundPolicy(), SoundFacts(lost=frozenset({NUMBER}))
    policy.step(lost, at(0))
    policy.step(SoundFacts(), at(100))
    assert policy.step(lost, at(130)) == []


def test_policy_calls_for_new_orders_but_not_for_those_of_the_start() -> None:
    policy = SoundPolicy()
    assert policy.step(SoundFacts(orders=40), at(0)) == []
    assert policy.step(SoundFacts(orders=41), at(1)) == [Sound.ORDER]
    assert policy.step(SoundFacts(orders=41), at(2)) == []


def test_policy_is_silent_while_muted_and_calls_after_it() -> None:
    policy, facts = SoundPolicy(), SoundFacts(untold=1)
    policy.mute(at(0))
    assert policy.step(facts, at(1)) == []
    assert policy.is_muted(MUTE_FOR - at(1))
    assert policy.step(facts, at(40)) == []
    assert policy.step(facts, MUTE_FOR + at(10)) == [Sound.UNTOLD]
    policy.mute(at(5000))
    policy.unmute()
    assert policy.step(SoundFacts(untold=2), at(5001)) == [Sound.UNTOLD]


def test_policy_names_the_gravest_sound_first() -> None:
    policy = SoundPolicy()
    policy.step(SoundFacts(), at(0))
    facts = SoundFacts(untold=1, unread=1, orders=1)
    assert policy.step(facts, at(1)) == [Sound.UNTOLD, Sound.REPLY, Sound.ORDER]

"""Event bus: every subscriber gets events in order, despite a failing one."""

import logging

import pytest

from app.domain.events import Event, ProblemReported, QueuePaused
from app.services.event_bus import EventBus


def test_a_failing_subscriber_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    bus, heard = EventBus(), list[Event]()

    def fail(_: Event) -> None:
        raise ValueError

    bus.subscribe(Event, fail)
    bus.subscribe(Event, heard.append)
    with caplog.at_level(logging.ERROR):
        bus.publish(QueuePaused(True), QueuePaused(False))
    assert heard == [QueuePaused(True), QueuePaused(False)]
    assert [record.message for record in caplog.records] == ["subscriber_failed"] * 2


def test_what_is_published_during_a_delivery_comes_after_it_for_everybody() -> None:
    bus, first, second = EventBus(), list[Event](), list[Event]()

    def answer(event: Event) -> None:
        first.append(event)
        if isinstance(event, QueuePaused):
            bus.publish(ProblemReported("x"))

    bus.subscribe(Event, answer)
    bus.subscribe(Event, second.append)
    bus.publish(QueuePaused(True))
    assert first == second == [QueuePaused(True), ProblemReported("x")]


def test_event_bus_calls_only_the_wanted_kind_until_unsubscribed() -> None:
    bus, heard = EventBus(), list[Event]()
    end = bus.subscribe(QueuePaused, heard.append)
    bus.publish(ProblemReported("x"), QueuePaused(True))
    end()
    bus.publish(QueuePaused(False))
    assert heard == [QueuePaused(True)]

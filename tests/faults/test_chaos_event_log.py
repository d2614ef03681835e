"""The event log of the kills follows what the program says, and the disk where the program could not say it."""

import asyncio
from datetime import timedelta

from tests.harness.chaos.campaign import percentile
from tests.harness.chaos.event_log import Doubt, EventLog
from tests.simulators.moved_clock import MovedClock


def _told(event_log: EventLog, state: str, reason: str | None = None) -> None:
    ids = {"notification_id": "n1", "message_id": "m1", "order_id": "o1", "type": "ready"}
    event_log.hear({"event": "notification", "state": state, "reason": reason, **ids})


def test_a_state_that_ended_unheard_is_taken_from_the_disk() -> None:
    event_log = EventLog(MovedClock())
    _told(event_log, "sending")
    event_log.correct({"n1": "sent"})
    assert (event_log.untold, event_log.unfinished, event_log.in_state("sending")) == ([], 0, [])
    assert event_log.courses["n1"].told.endswith("sent, by the disk")


def test_what_the_disk_says_is_no_word_of_the_program() -> None:
    clock = MovedClock()
    event_log = EventLog(clock)
    _told(event_log, "pending")
    heard_at = event_log.courses["n1"].told_at
    asyncio.run(clock.advance(timedelta(seconds=5)))
    event_log.correct({"n1": "sending"})
    assert event_log.courses["n1"].told_at == heard_at


def test_a_doubt_is_kept_until_somebody_looks_into_it() -> None:
    event_log = EventLog(MovedClock())
    _told(event_log, "in_doubt", "sidecar_gone")
    assert event_log.doubts == [Doubt("n1", "m1", "sidecar_gone")]
    assert event_log.untold == ["n1"]


def test_percentiles_are_of_the_nearest_rank() -> None:
    lengths = [timedelta(milliseconds=one) for one in range(1, 101)]
    assert (percentile(lengths, 50), percentile(lengths, 99), percentile([], 50)) == (50, 99, None)

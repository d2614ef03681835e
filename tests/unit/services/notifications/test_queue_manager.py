"""Queue manager: every field of a row after a person's act, and its event."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from app.domain.contact import Contact
from app.domain.errors import (
    AlreadySentError,
    NotAllowedNowError,
    OptedOutError,
    SupersededError,
    UnknownNotificationError,
)
from app.domain.events import Event, NotificationChanged, NotificationQueued, QueuePaused
from app.domain.lease import Lease
from app.domain.notification import Notification, State, Suppression
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.order import NotificationType
from app.domain.queue_policy import QueuePolicy
from app.ports.store import Store
from app.services.event_bus import EventBus
from app.services.notifications.pause_switch import PauseSwitch
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.sender_assignment import SenderAssignment
from app.services.notifications.worker_pool import WorkerPool
from tests.contracts.asked_store import ANA, LATER, MAIN, NOW, SOON, Asked, owed
from tests.harness.ports import PlainNumbers
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock
from tests.unit.services.notifications.test_enqueue import VAULT, placed_row, queued

T = TypeVar("T")
PREPARING, READY = NotificationType.PREPARING, NotificationType.READY
BEFORE = NOW - timedelta(minutes=20)
# Its moments are all before NOW, so that each that an act changes is seen.
OLD: dict[str, Any] = {
    "created_at": BEFORE,
    "scheduled_at": BEFORE + SOON,
    "sending_at": BEFORE + 2 * SOON,
    "changed_at": BEFORE + 3 * SOON,
    "stage_at": BEFORE - SOON,
    "doubted_at": BEFORE + 3 * SOON,
    "attempts": 4,
    "repeats": 1,
    "reason": "before",
    "seq": 1,
}


class _CountingCrew(WorkerPool):
    """Has nobody to wake, and counts how often it was asked to."""

    def __init__(self, store: Store, bus: EventBus) -> None:
        super().__init__([], PauseSwitch(store, bus))
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1


class QueueHarness:
    """A queue whose clock stands at NOW, with what it published."""

    def __init__(self, *rows: Notification) -> None:
        self.asked, self.events, bus = Asked(MemoryStore()), list[Event](), EventBus()
        bus.subscribe(Event, self.events.append)
        self.senders = SenderAssignment(VAULT, [MAIN], lambda _: False)
        self.crew = _CountingCrew(self.asked.store, bus)
        self.queue = self.queue_with(bus, self.crew)
        for row in rows:
            self.asked.add(row)
            self.asked.save(row)

    def queue_with(self, bus: EventBus, workers: WorkerPool) -> NotificationQueueManager:
        clock, numbers = MovedClock(NOW), PlainNumbers()
        return NotificationQueueManager(
            self.asked.store, VAULT, bus, clock, self.senders, QueuePolicy, numbers, workers
        )

    def act(self, act: Coroutine[Any, Any, T]) -> T:
        return asyncio.run(act)

    def refused(self, act: Coroutine[Any, Any, object], state: State) -> None:
        with pytest.raises(NotAllowedNowError) as refusal:
            asyncio.run(act)
        assert refusal.value.facts == {"state": state}
        assert self.events == []

    def kept(self, row: Notification) -> Notification | None:
        return self.asked.read(lambda rows: rows.notifications.get(row.id))

    def has_moved(self, row: Notification) -> None:
        """It is kept so, told once, and the workers look at once."""
        assert self.kept(row) == row
        assert self.events == [NotificationChanged(row)]
        assert self.crew.woken == 1


def old(state: State, **changes: Any) -> Notification:
    return replace(owed(), **{**OLD, "state": state, **changes})


def retried(row: Notification) -> Notification:
    fresh: dict[str, Any] = {"state": State.PENDING, "reason": None, "attempts": 0}
    return replace(row, **fresh, scheduled_at=NOW, stage_at=NOW, changed_at=NOW)


@pytest.mark.requirement("Q6")
def test_a_failed_message_that_is_tried_again_begins_anew_now() -> None:
    failed = old(State.FAILED)
    harness = QueueHarness(failed)
    assert harness.act(harness.queue.retry(failed.id)) == retried(failed)
    harness.has_moved(retried(failed))


@pytest.mark.requirement("A3")
def test_retry_supersedes_the_earlier_stages_that_wait_at_its_moment() -> None:
    failed, earlier = old(State.FAILED), owed("o1", PREPARING, seq=2)
    harness = QueueHarness(failed, earlier)
    harness.act(harness.queue.retry(failed.id))
    superseded = earlier.suppressed(Suppression.SUPERSEDED, NOW)
    assert harness.kept(earlier) == superseded
    assert harness.events == [NotificationChanged(retried(failed)), NotificationChanged(superseded)]


@pytest.mark.requirement("Q6")
@pytest.mark.parametrize("row", [old(State.SENT), old(State.FAILED, text="")], ids=["sent", "emptied"])
def test_nothing_else_is_tried_again(row: Notification) -> None:
    harness = QueueHarness(row)
    harness.refused(harness.queue.retry(row.id), row.state)
    assert harness.kept(row) == row


@pytest.mark.requirement("A3")
@pytest.mark.parametrize(
    ("changes", "overtaken"),
    [({}, True), ({"occurrence": 2}, False), ({"order_id": None}, False), ({"type": READY}, False)],
)
def test_only_what_was_said_once_of_an_order_can_be_overtaken(
    changes: dict[str, Any], *, overtaken: bool
) -> None:
    failed = replace(owed("o1", PREPARING), **{**OLD, "state": State.FAILED, **changes})
    harness = QueueHarness(failed, old(State.SENT, seq=2, occurrence=3))
    if overtaken:
        with pytest.raises(SupersededError):
            harness.act(harness.queue.retry(failed.id))
        assert harness.act(harness.queue.retry_failed_notifications()) == 0
    else:
        assert harness.act(harness.queue.retry(failed.id)) == retried(failed)


@pytest.mark.requirement("X1")
def test_a_customer_who_opted_out_is_not_tried_again() -> None:
    failed = old(State.FAILED)
    harness = QueueHarness(failed)
    harness.asked.transact(lambda rows: rows.opt_outs.add(ANA, OptOut(BEFORE, OptOutSource.CUSTOMER)))
    with pytest.raises(OptedOutError):
        harness.act(harness.queue.retry(failed.id))
    assert harness.kept(failed) == failed


@pytest.mark.requirement("Q6")
@pytest.mark.parametrize("state", [State.PENDING, State.IN_DOUBT])
def test_what_is_cancelled_says_since_when(state: State) -> None:
    waiting = old(state)
    harness = QueueHarness(waiting)
    cancelled = replace(waiting, state=State.CANCELLED, reason=None, changed_at=NOW)
    assert harness.act(harness.queue.cancel(waiting.id)) == cancelled
    harness.has_moved(cancelled)


@pytest.mark.requirement("Q6")
@pytest.mark.parametrize(
    "row",
    [old(State.SENT), old(State.SENDING), old(State.PENDING, lease=Lease("me", NOW + LATER))],
    ids=["sent", "on its way", "held by a worker"],
)
def test_what_is_on_its_way_or_over_cannot_be_cancelled(row: Notification) -> None:
    harness = QueueHarness(row)
    harness.refused(harness.queue.cancel(row.id), row.state)
    assert harness.kept(row) == row


@pytest.mark.requirement("Q7")
def test_an_undone_click_leaves_a_cancelled_message() -> None:
    waiting = old(State.PENDING)
    harness = QueueHarness(waiting)
    cancelled = replace(waiting, state=State.CANCELLED, reason=None, changed_at=NOW)
    assert harness.act(harness.queue.undo(waiting.id)) == cancelled
    harness.has_moved(cancelled)


@pytest.mark.requirement("Q7")
def test_a_doubt_cannot_be_undone_for_it_may_have_left() -> None:
    doubted = old(State.IN_DOUBT)
    harness = QueueHarness(doubted)
    with pytest.raises(AlreadySentError):
        harness.act(harness.queue.undo(doubted.id))
    assert harness.kept(doubted) == doubted


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize(("handed_over", "told"), [(BEFORE, BEFORE), (None, NOW)])
def test_doubt_resolved_as_arrived_is_sent_since_the_known_handover(handed_over: Any, told: Any) -> None:
    doubted = old(State.IN_DOUBT, sending_at=handed_over)
    harness = QueueHarness(doubted)
    arrived = replace(doubted, state=State.SENT, reason="by_person", sent_at=told, changed_at=NOW)
    assert harness.act(harness.queue.settle_doubt(doubted.id, arrived=True)) == arrived
    harness.has_moved(arrived)
    known = harness.asked.read(lambda rows: rows.contacts.get(doubted.phone))
    assert known == Contact(MAIN, first_sent_at=told)


@pytest.mark.requirement("Q4")
def test_a_doubt_that_was_lost_goes_out_once_more_now() -> None:
    doubted = old(State.IN_DOUBT)
    harness = QueueHarness(doubted)
    again = replace(doubted, state=State.PENDING, reason=None, repeats=2, scheduled_at=NOW, stage_at=NOW)
    again = replace(again, changed_at=NOW)
    assert harness.act(harness.queue.settle_doubt(doubted.id, arrived=False)) == again
    harness.has_moved(again)


@pytest.mark.requirement("Q4")
def test_what_is_not_in_doubt_cannot_be_settled() -> None:
    sent = old(State.SENT)
    harness = QueueHarness(sent)
    harness.refused(harness.queue.settle_doubt(sent.id, arrived=True), State.SENT)


def test_a_message_that_nobody_queued_is_named_unknown() -> None:
    harness = QueueHarness()
    for act in (harness.queue.retry, harness.queue.cancel):
        with pytest.raises(UnknownNotificationError):
            harness.act(act(owed().id))


@pytest.mark.requirement("Q7")
def test_enqueue_publishes_what_it_superseded_and_no_repeat_of_the_same() -> None:
    earlier = owed("o1", PREPARING, seq=1)
    harness = QueueHarness(earlier)
    placed = harness.act(harness.queue.enqueue(queued(), by_person=False))
    assert placed.notification == placed_row(seq=2)
    told = [NotificationQueued(placed_row(seq=2), by_click=False), NotificationChanged(placed.superseded[0])]
    assert (harness.events, harness.crew.woken) == (told, 1)
    assert not harness.act(harness.queue.enqueue(queued())).is_new
    assert (harness.events, harness.crew.woken) == (told, 1)


def test_a_click_is_told_as_one() -> None:
    harness = QueueHarness()
    placed = harness.asked.transact(lambda rows: harness.queue.enqueue_within(rows, queued(), by_person=True))
    harness.queue.publish_enqueued(placed, by_click=True)
    assert harness.events == [NotificationQueued(placed.notification, by_click=True)]


def test_a_person_queues_unless_it_is_said_otherwise() -> None:
    harness = QueueHarness(placed_row(state=State.CANCELLED))
    assert harness.act(harness.queue.enqueue(queued())).is_new
    harness = QueueHarness(placed_row(state=State.CANCELLED))
    assert not harness.act(harness.queue.enqueue(queued(), by_person=False)).is_new


@pytest.mark.requirement("Q6")
def test_a_pause_is_told_kept_and_taken_up_again() -> None:
    harness = QueueHarness()
    harness.act(harness.queue.pause())
    assert (harness.queue.paused, harness.events, harness.crew.woken) == (True, [QueuePaused(True)], 0)
    kept = harness.asked.read(lambda rows: rows.settings.get("queue_paused"))
    bus = EventBus()
    next_life = harness.queue_with(bus, _CountingCrew(harness.asked.store, bus))
    harness.act(next_life.restore())
    restored = [next_life.paused]
    harness.act(harness.queue.resume())
    assert (harness.queue.paused, harness.events[1:], harness.crew.woken) == (False, [QueuePaused(False)], 1)
    harness.act(next_life.restore())
    assert [*restored, next_life.paused] == [True, False]
    again = harness.asked.read(lambda rows: rows.settings.get("queue_paused"))
    assert (kept, again) == ("yes", "no"), "as earlier versions wrote it"

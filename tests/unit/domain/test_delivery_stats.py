"""Queue statistics: count of each state and the longest wait."""

from datetime import timedelta

import pytest

from app.domain.delivery_stats import QueueStats
from app.domain.identifiers import SessionId
from app.domain.notification import State
from tests.contracts.asked_store import BIA, LATER, MAIN, NOW, SOON, owed
from tests.unit.services.notifications.test_queue_manager import QueueHarness

SECOND = SessionId("second")


@pytest.mark.requirement("Q8")
def test_the_figures_count_every_state_and_name_the_longest_wait() -> None:
    hour = timedelta(hours=1)
    rows = [
        owed("o1", created_at=NOW - 3 * LATER),
        owed("o2", created_at=NOW - 2 * LATER, session_id=SECOND, phone=BIA),
        owed(
            "o3",
            state=State.SENT,
            sending_at=NOW - hour + SOON,
            sent_at=NOW - 5 * hour,
            created_at=NOW - hour,
        ),
        owed("o4", state=State.SENT, sending_at=NOW - hour - SOON, sent_at=NOW, created_at=NOW - hour),
    ]
    harness = QueueHarness(*rows)
    counted = {State.PENDING: 1, State.SENT: 2}
    stats = QueueStats(
        by_state={**dict.fromkeys(State, 0), State.PENDING: 2, State.SENT: 2},
        by_session={MAIN: counted, SECOND: {State.PENDING: 1}},
        oldest_waiting=3 * LATER,
        sent_last_hour=1,
    )
    assert harness.act(harness.queue.get_queue_stats()) == stats


def test_an_empty_queue_waits_for_nothing() -> None:
    harness = QueueHarness()
    harness.act(harness.queue.pause())
    empty = QueueStats(by_state=dict.fromkeys(State, 0), paused=True)
    assert harness.act(harness.queue.get_queue_stats()) == empty

"""Whatever happens in whatever order, the queue loses, repeats and leaves waiting nothing, and keeps all turns."""

import asyncio
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.domain.attempt import InDoubt, Rejected, RejectionKind
from app.domain.notification import State
from app.domain.order import STAGES
from app.domain.receipt import Evidence
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.every_notification import every_notification
from tests.harness.queue_story import (
    SECOND,
    Act,
    Crash,
    Drop,
    Jump,
    Pause,
    Resume,
    RetryAll,
    Rush,
    Seen,
    Stall,
    Story,
    Word,
)
from tests.harness.shop import MAIN
from tests.harness.story_steps import Answer, Hold, Turns, Wait

pytestmark = [pytest.mark.slow, pytest.mark.requirement("Q2"), pytest.mark.requirement("Q4")]
FULL = bool(os.environ.get("FULL"))
# What is left to a person, or needs nobody any more.
_ENDED = frozenset(State) - {State.PENDING, State.SENDING}

numbers = st.integers(1, 6)
statuses = st.sampled_from(["paid", "in_preparation", "ready", "cancelled"])
acts = st.sampled_from(["click", "click", "undo", "cancel", "retry", "resend", "arrived", "not_arrived"])
outcomes = [
    Rejected(RejectionKind.TRANSIENT),
    Rejected(RejectionKind.REFUSED, 400),
    InDoubt("socket_closed"),
    InDoubt("ack_timeout"),
]
steps = st.lists(
    st.one_of(
        st.builds(Seen, numbers, statuses, st.booleans()),
        st.builds(Seen, st.integers(1, 2), statuses, st.just(value=False)),
        st.builds(Act, acts, numbers, st.sampled_from(STAGES)),
        st.builds(Word, st.integers(0, 9), st.sampled_from(Evidence)),
        st.sampled_from([Pause(), Resume(), Resume(), RetryAll(), Rush(), Rush(), Crash(), Crash()]),
        st.builds(Turns, st.integers(1, 8)),
        st.builds(Hold, st.booleans()),
        st.builds(Stall, st.booleans()),
        st.builds(Answer, st.sampled_from(outcomes)),
        st.builds(Wait, st.sampled_from([1, 2, 6, 60, 2000])),
        st.builds(Jump, st.sampled_from([-1, 1])),
        st.builds(Drop, st.sampled_from([MAIN, SECOND])),
    ),
    min_size=5,
    max_size=40,
)
SILENT = InDoubt("ack_timeout")
SAME_CUSTOMER = Seen(4, "paid", waits=False)
stories = st.tuples(st.booleans(), steps)


async def _told(story_and_steps: tuple[bool, list[Any]]) -> None:
    repeats_doubts, steps = story_and_steps
    story = Story(repeats_doubts)
    await story.begin()
    try:
        for step in steps:
            await step(story)
        await _peace(story)
        assert story.journal.broken == []
        await _check(story)
    finally:
        await story.end()


async def _peace(story: Story) -> None:
    """A good network, nobody who interferes, and time."""
    story.shop.messenger.outcomes.clear()
    story.shop.messenger.gate.set()
    story.messenger.wire.set()
    await Resume()(story)
    for session_id in (MAIN, SECOND):
        await story.shop.messenger.emit(LinkChanged(session_id, LinkState.CLOSED, 428))
    await story.shop.pass_time(minutes=5)


async def _check(story: Story) -> None:
    rows = await story.store.read(every_notification)
    assert story.journal.accepted <= {row.id for row in rows}
    assert all(row.state in _ENDED for row in rows), "a row is stuck"
    assert all(row.given_up_at for row in rows if row.state is State.IN_DOUBT), "a doubt is never given up"


@pytest.mark.timeout(0 if FULL else 180)
@settings(max_examples=20_000 if FULL else 200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories)
@example((False, [Answer(SILENT), Seen(1, "paid", waits=False), Turns(8), SAME_CUSTOMER, Wait(6)]))
@example((True, [*[Answer(SILENT)] * 3, Seen(1, "paid", waits=False), Wait(60), SAME_CUSTOMER, Wait(6)]))
@example((True, [Stall(stalled=True), Seen(1, "paid", waits=False), *[Wait(6), Crash()] * 4, SAME_CUSTOMER]))
@example((True, [Hold(held=True), Seen(1, "paid", waits=False), *[Wait(6), Crash()] * 4, SAME_CUSTOMER]))
@example((True, [Answer(SILENT), Seen(1, "ready", waits=False), Pause(), Wait(6), Wait(2000), SAME_CUSTOMER]))
def test_nothing_is_lost_nothing_comes_twice_and_nothing_out_of_turn(told: tuple[bool, list[Any]]) -> None:
    asyncio.run(_told(told))

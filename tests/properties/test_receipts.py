"""Receipts in any order, however often, from whichever address: what stands on the order is the highest level told."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random  # noqa: TID251 - only the type of hypothesis' chance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import NotificationChanged
from app.domain.identifiers import MessageId, SessionId
from app.domain.notification import Notification, State
from app.domain.receipt import Evidence, Receipt, state_proven_by
from app.services.event_bus import EventBus
from app.services.notifications.receipts import ReceiptRecorder
from tests.contracts.asked_store import owed
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("S6")

_NOW = datetime(2026, 1, 10, 15, tzinfo=UTC)
_LEVELS = (State.SENT, State.DELIVERED, State.READ)
_WORDS = tuple(evidence for evidence in Evidence if evidence is not Evidence.REJECTED)

messages = st.integers(0, 2)
receipts = st.builds(
    lambda message, evidence, second: Receipt(
        MessageId(f"3EB0{message}"), evidence, _NOW + timedelta(seconds=second)
    ),
    messages,
    st.sampled_from(_WORDS),
    st.integers(0, 60),
)
starts = st.sampled_from((State.SENDING, State.IN_DOUBT, State.SENT))


def left(message: int, state: State) -> Notification:
    sent_at = _NOW if state is State.SENT else None
    row = owed(str(message), message_id=MessageId(f"3EB0{message}"))
    return replace(row, state=state, sending_at=_NOW, sent_at=sent_at)


async def heard(
    rows: Sequence[Notification], told: Sequence[Receipt]
) -> tuple[list[Notification], list[Notification]]:
    """The rows in the end, and every change that was told on the way."""
    store, bus = MemoryStore(), EventBus()
    moved: list[Notification] = []
    bus.subscribe(NotificationChanged, lambda event: moved.append(event.notification))
    listener = ReceiptRecorder(store, bus, MovedClock())
    await store.transact(lambda tables: [tables.notifications.add(row) for row in rows])
    for receipt in told:
        await listener.record([receipt])
    ends = await store.read(lambda tables: [tables.notifications.get(row.id) for row in rows])
    return [end for end in ends if end], moved


def level(state: State | None) -> int:
    return _LEVELS.index(state) if state in _LEVELS else -1


@given(st.lists(starts, min_size=3, max_size=3), st.lists(receipts, max_size=24))
def test_the_highest_level_wins_and_no_level_ever_falls(begun: list[State], told: list[Receipt]) -> None:
    rows = [left(message, state) for message, state in enumerate(begun)]
    ends, moved = asyncio.run(heard(rows, told))
    for row, end in zip(rows, ends, strict=True):
        of_it = [state_proven_by(one.evidence) for one in told if one.message_id == row.message_id]
        assert level(end.state) == max([level(row.state), *map(level, of_it)])
        path = [level(row.state), *(level(each.state) for each in moved if each.id == row.id)]
        assert path == sorted(set(path)), "told twice or gone back"


@given(st.lists(starts, min_size=3, max_size=3), st.lists(receipts, max_size=12), st.randoms())
def test_neither_order_nor_repetition_changes_where_a_message_ends(
    begun: list[State], told: list[Receipt], chance: Random
) -> None:
    rows = [left(message, state) for message, state in enumerate(begun)]
    shuffled = told * 2
    chance.shuffle(shuffled)
    once, again = asyncio.run(heard(rows, told))[0], asyncio.run(heard(rows, shuffled))[0]
    assert [row.state for row in once] == [row.state for row in again]
    for row in (*once, *again):
        assert (row.delivered_at is not None) is (level(row.state) >= 1)
        assert (row.read_at is not None) is (level(row.state) == 2)
        assert (row.sent_at is not None) is (level(row.state) >= 0)


@given(st.lists(receipts, max_size=12), st.sampled_from(["main", "second"]))
def test_a_receipt_is_nobodys_but_the_messages_that_it_names(told: list[Receipt], session: str) -> None:
    """The address it came from, a number or a hidden id, is not asked for; nor is the connection that brought it."""
    row = replace(left(9, State.SENT), session_id=SessionId(session))
    ends, moved = asyncio.run(heard([row], told))
    assert (ends, moved) == ([replace(row, seq=1)], [])

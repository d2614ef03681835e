"""The state machine of one notification under every sequence of ends and receipts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attempt import Accepted, AttemptEnd, InDoubt, NoAccount, Rejected, RejectionKind
from app.domain.errors import ForbiddenTransitionError
from app.domain.identifiers import MessageId, NotificationId, OrderId, SessionId
from app.domain.notification import Notification, State, transition_allowed
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.receipt import Evidence, Receipt
from app.domain.retry_policy import RetryPolicy
from app.services.notifications.settlement import apply_receipt, finish_attempt, start_attempt

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_LEVEL = {State.SENT: 1, State.DELIVERED: 2, State.READ: 3}
_MESSAGE = MessageId("3EB0")

ends = st.one_of(
    st.just(Accepted(_NOW)),
    st.just(NoAccount()),
    st.just(InDoubt("socket_closed")),
    st.builds(Rejected, st.sampled_from(RejectionKind)),
)
receipts = st.builds(Receipt, st.just(_MESSAGE), st.sampled_from(Evidence), st.just(_NOW))


def _fresh() -> Notification:
    return Notification(
        id=NotificationId(UUID(int=1)),
        order_id=OrderId("o"),
        type=NotificationType.READY,
        occurrence=1,
        session_id=SessionId("main"),
        phone=Phone("+5573999548537"),
        text="t",
        message_id=_MESSAGE,
        created_at=_NOW,
        scheduled_at=_NOW,
    )


@given(st.lists(st.one_of(ends, receipts), max_size=30))
def test_a_told_customer_is_never_told_again_and_levels_never_fall(steps: list[AttemptEnd | Receipt]) -> None:
    row, policy = _fresh(), RetryPolicy()
    for step in steps:
        before = row
        if isinstance(step, Receipt):
            row = apply_receipt(row, step, _NOW) or row
        else:
            row = start_attempt(row, _NOW) if row.state is State.PENDING else row
            row = finish_attempt(row, step, policy, _NOW)
        if before.state in _LEVEL and row.state is not State.FAILED:
            assert _LEVEL[row.state] >= _LEVEL[before.state]
        assert row.attempts <= policy.max_retries + 1 + len(steps)


@given(st.integers(0, 10), st.integers(1, 40))
def test_retries_wait_one_two_four_seconds_up_to_the_cap(most: int, failed: int) -> None:
    policy = RetryPolicy(max_retries=most)
    delay = policy.delay_after(failed)
    expected = None if failed > most else min(timedelta(seconds=2 ** (failed - 1)), timedelta(seconds=30))
    assert delay == expected


@given(st.sampled_from(State), st.sampled_from(State))
def test_a_way_that_the_state_machine_does_not_know_cannot_be_gone(source: State, target: State) -> None:
    row = replace(_fresh(), state=source)
    if transition_allowed(source, target):
        assert row.transitioned(target, _NOW).state is target
    else:
        with pytest.raises(ForbiddenTransitionError):
            row.transitioned(target, _NOW)


def test_a_receipt_for_a_message_that_never_left_changes_nothing() -> None:
    assert apply_receipt(_fresh(), Receipt(_MESSAGE, Evidence.READ, _NOW), _NOW) is None


def test_apply_receipt_records_its_own_moment_and_keeps_the_earlier_ones() -> None:
    seen, noted = _NOW + timedelta(minutes=1), _NOW + timedelta(minutes=2)
    sending = start_attempt(_fresh(), _NOW)
    delivered = apply_receipt(sending, Receipt(_MESSAGE, Evidence.DELIVERED, seen), noted)
    told = replace(sending, state=State.DELIVERED, changed_at=noted, sent_at=seen, delivered_at=seen)
    assert delivered == told
    later = noted + timedelta(minutes=1)
    read = apply_receipt(told, Receipt(_MESSAGE, Evidence.READ, later), later)
    assert read == replace(told, state=State.READ, changed_at=later, read_at=later)

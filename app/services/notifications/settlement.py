"""Decides, from how an attempt ended, what becomes of its notification; pure."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from app.domain.attempt import (
    HOLDING,
    TRANSIENT,
    Accepted,
    AttemptEnd,
    InDoubt,
    NoAccount,
    Rejected,
    Withheld,
)
from app.domain.notification import Notification, State, Suppression
from app.domain.receipt import Receipt, state_proven_by
from app.domain.retry_policy import RetryPolicy

_LEVELS = (State.SENT, State.DELIVERED, State.READ)


def begun(notification: Notification, at: datetime) -> Notification:
    """The attempt is counted before anything leaves, so that a crash cannot hide it."""
    sending = notification.moved(State.SENDING, at)
    return replace(sending, attempts=notification.attempts + 1, sending_at=at)


def settled(notification: Notification, end: AttemptEnd, policy: RetryPolicy, at: datetime) -> Notification:
    """The notification after its attempt; unchanged where a receipt has been quicker than the answer."""
    if notification.state is not State.SENDING:
        return replace(notification, lease=None)
    free = replace(notification, lease=None)
    match end:
        case Accepted():
            return replace(free.moved(State.SENT, at), sent_at=end.at)
        case NoAccount():
            return _unsent(free.moved(State.SUPPRESSED, at, reason=Suppression.NOT_ON_WHATSAPP))
        case Withheld():
            return free.moved(State.SUPPRESSED, at, reason=Suppression.OPTED_OUT)
        case InDoubt():
            return replace(free.moved(State.IN_DOUBT, at, reason=end.reason), doubted_at=at)
        case Rejected():
            return _after_rejection(free, end, policy, at)
        case _:
            assert_never(end)


def _after_rejection(free: Notification, end: Rejected, policy: RetryPolicy, at: datetime) -> Notification:
    if end.kind in HOLDING:
        held = _unsent(free.moved(State.PENDING, at))
        # It was due already: a clock that was set back meanwhile must not make it wait once more (X2).
        return replace(held, attempts=free.attempts - 1, scheduled_at=min(free.scheduled_at, at))
    delay = policy.delay_after(free.attempts) if end.kind in TRANSIENT else None
    if delay is None:
        return free.moved(State.FAILED, at, reason=_reason(end))
    return replace(free.moved(State.PENDING, at, reason=_reason(end)), scheduled_at=at + delay)


def _unsent(row: Notification) -> Notification:
    """Of a first attempt that came to nothing, nothing can ever have left."""
    first = row.attempts == 1 and row.repeats == 0
    return replace(row, sending_at=None) if first else row


def _reason(end: Rejected) -> str:
    return end.kind if end.code is None else f"{end.kind}:{end.code}"


def witnessed(notification: Notification, receipt: Receipt, at: datetime) -> Notification | None:
    """The notification after WhatsApp's word about it, or None where it tells nothing new; levels only rise (S6)."""
    proven = state_proven_by(receipt.evidence)
    if proven is None:
        return _refused_late(notification, receipt, at)
    if notification.sending_at is None or not _rises(notification.state, proven):
        return None
    risen = replace(notification.moved(proven, at), lease=None, sent_at=notification.sent_at or receipt.at)
    if proven is State.DELIVERED:
        return replace(risen, delivered_at=receipt.at)
    if proven is State.READ:
        return replace(risen, delivered_at=risen.delivered_at or receipt.at, read_at=receipt.at)
    return risen


def _rises(state: State, proven: State) -> bool:
    if state in _LEVELS:
        return _LEVELS.index(proven) > _LEVELS.index(state)
    return state in {State.SENDING, State.IN_DOUBT, State.FAILED, State.PENDING, State.SUPPRESSED}


def _refused_late(notification: Notification, receipt: Receipt, at: datetime) -> Notification | None:
    """A refusal that came after the doubt began settles it; anywhere else the attempt's own end decides."""
    if notification.state is not State.IN_DOUBT:
        return None
    return notification.moved(State.FAILED, at, reason=f"refused:{receipt.code}")

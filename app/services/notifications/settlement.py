"""Decides, from how an attempt ended, what becomes of its notification; pure."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from app.domain.attempt import (
    HOLDING,
    TRANSIENT,
    Accepted,
    AttemptEnd,
    InDoubt,
    NoAccount,
    Rejected,
    RejectionKind,
    Withheld,
)
from app.domain.notification import Notification, State, Suppression, TransitionFields
from app.domain.receipt import Receipt, state_proven_by
from app.domain.retry_policy import RetryPolicy

# Some of these are ends; word that it arrived corrects them.
_MAY_HAVE_ARRIVED = frozenset(
    {
        State.SENDING,
        State.IN_DOUBT,
        State.FAILED,
        State.PENDING,
        State.SUPPRESSED,
        State.CANCELLED,
    }
)
_LEVELS = (State.SENT, State.DELIVERED, State.READ)

UNEXPECTED: Final = "unexpected"
CUT_SHORT: Final = "cut_short"
# A message that ends its process each time must not end it for ever, nor stand before all others.
_MOST_CUT_SHORT: Final = 10
_AT_ONCE: Final = 3
_AFTERWARDS: Final = timedelta(seconds=30)


def start_attempt(notification: Notification, at: datetime, *, prepared: bool = False) -> Notification:
    """The attempt is counted before anything leaves, so that a crash cannot hide it.

    A prepared one is written at once: it counts as on the wire from here on, and needs no note of its own.
    """
    return notification.transitioned(
        State.SENDING,
        at,
        attempts=notification.attempts + 1,
        sending_at=at,
        on_wire_at=at if prepared else None,
    )


def finish_attempt(
    notification: Notification, end: AttemptEnd, policy: RetryPolicy, at: datetime
) -> Notification:
    """The notification after its attempt; unchanged where a receipt has been quicker than the answer."""
    if notification.state is not State.SENDING:
        return replace(notification, lease=None)
    if isinstance(end, Accepted):
        return notification.transitioned(State.SENT, at, lease=None, sent_at=end.at)
    free = replace(notification, lease=None)
    match end:
        case NoAccount():
            return _unsent(free.transitioned(State.SUPPRESSED, at, reason=Suppression.NOT_ON_WHATSAPP))
        case Withheld():
            return free.transitioned(State.SUPPRESSED, at, reason=Suppression.OPTED_OUT)
        case InDoubt(reason=reason):
            return _unanswered(free, reason, policy, at)
        case Rejected():
            return _after_rejection(free, end, policy, at)
        case _:
            assert_never(end)


def abort_attempt(sending: Notification, at: datetime, reason: str) -> Notification:
    """The notification of an attempt that nothing can answer any more; in doubt only where it reached the wire.

    Otherwise nothing has left: it waits again, at first at once, and is given up after ten such attempts in a row.
    """
    free = replace(sending, lease=None)
    if sending.on_wire_at is not None:
        return replace(free.transitioned(State.IN_DOUBT, at, reason=reason), doubted_at=at)
    if sending.attempts >= _MOST_CUT_SHORT:
        return free.transitioned(State.FAILED, at, reason=CUT_SHORT)
    delay = timedelta(0) if sending.attempts <= _AT_ONCE else _AFTERWARDS
    return replace(_unsent(free.transitioned(State.PENDING, at)), scheduled_at=at + delay)


def _unanswered(free: Notification, reason: str, policy: RetryPolicy, at: datetime) -> Notification:
    """An exception before the wire is a failure like any other; a process or connection that ended is none."""
    if free.on_wire_at is None and reason == UNEXPECTED:
        return _after_rejection(free, Rejected(RejectionKind.TRANSIENT), policy, at)
    return abort_attempt(free, at, reason)


def _after_rejection(free: Notification, end: Rejected, policy: RetryPolicy, at: datetime) -> Notification:
    if end.kind in HOLDING:
        held = _unsent(free.transitioned(State.PENDING, at))
        # It was due already: a clock that was set back meanwhile must not make it wait once more (X2).
        return replace(held, attempts=free.attempts - 1, scheduled_at=min(free.scheduled_at, at))
    delay = policy.delay_after(free.attempts) if end.kind in TRANSIENT else None
    if delay is None:
        return free.transitioned(State.FAILED, at, reason=_reason(end))
    return replace(free.transitioned(State.PENDING, at, reason=_reason(end)), scheduled_at=at + delay)


def _unsent(row: Notification) -> Notification:
    """Of a first attempt that came to nothing, nothing can ever have left."""
    first = row.attempts == 1 and row.repeats == 0
    return replace(row, sending_at=None) if first else row


def _reason(end: Rejected) -> str:
    return end.kind if end.code is None else f"{end.kind}:{end.code}"


def apply_receipt(notification: Notification, receipt: Receipt, at: datetime) -> Notification | None:
    """The notification after WhatsApp's word about it, or None where it tells nothing new; levels only rise (S6)."""
    proven = state_proven_by(receipt.evidence)
    if proven is None:
        return _refused_late(notification, receipt, at)
    if notification.sending_at is None or not _rises(notification.state, proven):
        return None
    moments: TransitionFields = {"lease": None, "sent_at": notification.sent_at or receipt.at}
    if proven is State.DELIVERED:
        moments["delivered_at"] = receipt.at
    elif proven is State.READ:
        moments["delivered_at"] = notification.delivered_at or receipt.at
        moments["read_at"] = receipt.at
    return notification.transitioned(proven, at, **moments)


def _rises(state: State, proven: State) -> bool:
    if state in _LEVELS:
        return _LEVELS.index(proven) > _LEVELS.index(state)
    return state in _MAY_HAVE_ARRIVED


def _refused_late(notification: Notification, receipt: Receipt, at: datetime) -> Notification | None:
    """A refusal that came after the doubt began settles it; anywhere else the attempt's own end decides."""
    if notification.state is not State.IN_DOUBT:
        return None
    return notification.transitioned(State.FAILED, at, reason=f"refused:{receipt.code}")

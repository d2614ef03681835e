"""Settlement: pure transitions of a notification after an attempt's end or a receipt."""

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
    Reordered,
    Withheld,
)
from app.domain.notification import Notification, State, Suppression, TransitionFields
from app.domain.order import NotificationType
from app.domain.receipt import Receipt, state_proven_by
from app.domain.retry_policy import RetryPolicy

# Some of these are final states; a receipt that proves arrival corrects them.
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
# A message that crashes its process each time must not do so for ever, nor block the queue.
_MOST_CUT_SHORT: Final = 10
_AT_ONCE: Final = 3
_AFTERWARDS: Final = timedelta(seconds=30)


def start_attempt(notification: Notification, at: datetime, *, prepared: bool = False) -> Notification:
    """Return the row in `sending`; the attempt is counted before a byte leaves, so that a crash cannot hide it.

    A prepared one is written at once: it counts as on the wire from here on, without a write mark of its own.
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
    """Return the notification after its attempt; unchanged if a receipt was quicker than the answer."""
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
        case Reordered():
            return _uncounted(free, at)
        case InDoubt(reason=reason):
            return _unanswered(free, reason, policy, at)
        case Rejected():
            return _after_rejection(free, end, policy, at)
        case _:
            assert_never(end)


def abort_attempt(sending: Notification, at: datetime, reason: str) -> Notification:
    """Return the notification of an attempt that will get no answer; in doubt only if it reached the wire.

    Otherwise it has not left: it is pending again, the first three times at once, then after 30 seconds, and fails
    after ten such attempts.
    """
    free = replace(sending, lease=None)
    if sending.on_wire_at is not None:
        return replace(free.transitioned(State.IN_DOUBT, at, reason=reason), doubted_at=at)
    if sending.attempts >= _MOST_CUT_SHORT:
        return free.transitioned(State.FAILED, at, reason=CUT_SHORT)
    delay = timedelta(0) if sending.attempts <= _AT_ONCE else _AFTERWARDS
    return replace(_unsent(free.transitioned(State.PENDING, at)), scheduled_at=at + delay)


def _unanswered(free: Notification, reason: str, policy: RetryPolicy, at: datetime) -> Notification:
    """Settle an attempt without an answer; an exception before the wire counts as a transient failure.

    An ended process or connection does not.
    """
    if free.on_wire_at is None and reason == UNEXPECTED:
        return _after_rejection(free, Rejected(RejectionKind.TRANSIENT), policy, at)
    return abort_attempt(free, at, reason)


def _after_rejection(free: Notification, end: Rejected, policy: RetryPolicy, at: datetime) -> Notification:
    if end.kind in HOLDING:
        return _uncounted(free, at)
    delay = policy.delay_after(free.attempts) if end.kind in TRANSIENT else None
    if delay is None:
        return free.transitioned(State.FAILED, at, reason=_reason(end))
    return replace(free.transitioned(State.PENDING, at, reason=_reason(end)), scheduled_at=at + delay)


def _uncounted(free: Notification, at: datetime) -> Notification:
    """Return the row as pending, without the attempt: it ended for no reason of the message's own."""
    held = _unsent(free.transitioned(State.PENDING, at))
    # It was due already: a clock that was set back meanwhile must not make it wait once more (X2).
    return replace(held, attempts=free.attempts - 1, scheduled_at=min(free.scheduled_at, at))


def _unsent(row: Notification) -> Notification:
    """Clear `sending_at` of a failed first attempt: the message can never have left."""
    first = row.attempts == 1 and row.repeats == 0
    return replace(row, sending_at=None) if first else row


def _reason(end: Rejected) -> str:
    return end.kind if end.code is None else f"{end.kind}:{end.code}"


def apply_receipt(notification: Notification, receipt: Receipt, at: datetime) -> Notification | None:
    """Return the notification after a receipt, or None for one without news; levels are monotonic (S6)."""
    own = notification.type is NotificationType.TEST
    proven = state_proven_by(receipt.evidence, to_own_number=own)
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
    """Fail a doubtful row by a late refusal; in other states the attempt's own end decides."""
    if notification.state is not State.IN_DOUBT:
        return None
    return notification.transitioned(State.FAILED, at, reason=f"refused:{receipt.code}")

"""Policy of stage messages: those due for an order's present stage, given the earlier ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.notification import TOLD, UNFINISHED, Notification, State, Suppression
from app.domain.order import STAGES, NotificationType, Order, OrderOutline, stage_of

TIME_TO_LIVE = timedelta(minutes=30)

# A message that has not left yet, or one in doubt (Q4).
_OVERTAKEN = frozenset({State.PENDING, State.IN_DOUBT})
# A customer who was told by hand has heard of the stage as well.
_HEARD = TOLD | UNFINISHED | {State.HANDED_OVER}
_OVER = frozenset({"cancelled", "expired"})
_FINISHED = _OVER | {"completed"}
_NUMBERLESS = frozenset({Suppression.INVALID_PHONE, Suppression.NOT_ON_WHATSAPP})


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """One message to be queued, or recorded as deliberately not sent."""

    type: NotificationType
    suppressed: Suppression | None = None


@dataclass(frozen=True, slots=True)
class PolicyContext:
    """Circumstances of the decision: at the `first_sync` all stages reached before are suppressed (A4).

    So is the first message about an order made longer ago than `retention`.
    """

    now: datetime
    first_sync: bool = False
    time_to_live: timedelta = TIME_TO_LIVE
    retention: timedelta = timedelta.max


def is_ended(order: Order) -> bool:
    """Return whether no message about it is due any more (A5)."""
    return order.status in _OVER or order.deleted


def is_finished(order: Order | OrderOutline) -> bool:
    """Return whether the shop has no more work on the order."""
    return order.status in _FINISHED or order.deleted


def messages_due(order: Order, rows: Sequence[Notification], context: PolicyContext) -> list[PlannedMessage]:
    """Return the messages to record for an order; empty if its status was repeated or went back (A2, A4).

    A skipped stage is superseded, so that a payment confirmed after the preparation began is never announced.
    """
    stage = stage_of(order)
    if stage is None or order.is_erased or is_ended(order):
        return []
    reached = STAGES.index(stage)
    recorded = [STAGES.index(row.type) for row in rows if row.type in STAGES]
    if any(place >= reached for place in recorded):
        return []
    skipped = [kind for place, kind in enumerate(STAGES[:reached]) if place not in recorded]
    old = Suppression.BEFORE_START if context.first_sync else Suppression.SUPERSEDED
    return [
        *(PlannedMessage(kind, old) for kind in skipped),
        PlannedMessage(stage, _suppression(order, context)),
    ]


def is_due_again(row: Notification, context: PolicyContext) -> bool:
    """Return whether it is still fresh and failed only for lack of the customer's number.

    Or for lack of the customer's first message, while WhatsApp restricts first contacts. Such a message can have
    reached no customer: WhatsApp had refused it, or was never asked (A2).
    """
    if row.stage_at is None or is_stale(row.stage_at, context):
        return False
    if row.state is State.SUPPRESSED:
        # It is rendered anew; on disk, a row without a number has no text either.
        return row.reason in _NUMBERLESS and row.sending_at is None
    return row.state is State.FAILED and row.is_restricted and not row.is_erased


def is_later(kind: NotificationType, other: NotificationType) -> bool:
    """Return whether both are stages, and `kind` comes after `other`."""
    return kind in STAGES and other in STAGES and STAGES.index(kind) > STAGES.index(other)


def has_later_stage(rows: Iterable[Notification], kind: NotificationType) -> bool:
    """Return whether a later stage was sent or is about to be: customers never see a stage go backwards (A3)."""
    return any(is_later(row.type, kind) and row.state in _HEARD for row in rows)


def superseded_by(rows: Iterable[Notification], by: NotificationType) -> list[Notification]:
    """Return messages of earlier stages that `by` supersedes, so that they stay unsent (A3).

    One that may have left is not repeated either.
    """
    return [row for row in rows if is_later(by, row.type) and row.state in _OVERTAKEN]


def is_stale(since: datetime, context: PolicyContext) -> bool:
    """Return whether a stage reached then is too old to be announced."""
    return context.now - since > context.time_to_live


def is_past_retention(order: Order, context: PolicyContext) -> bool:
    """Return whether the order is too old for its content to be kept (X6)."""
    return context.now - order.created_at > context.retention


def _suppression(order: Order, context: PolicyContext) -> Suppression | None:
    if context.first_sync:
        return Suppression.BEFORE_START
    since = order.stage_at
    if is_past_retention(order, context) or (since is not None and is_stale(since, context)):
        return Suppression.STALE
    return None

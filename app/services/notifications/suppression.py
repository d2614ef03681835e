"""Suppression rules of queued messages: opt-out, later stage of the same order, ended order."""

from datetime import datetime
from typing import Final

from app.domain.errors import OptedOutError, OrderEndedError
from app.domain.identifiers import NotificationId
from app.domain.lid import Address
from app.domain.notification import Notification, State, Suppression
from app.domain.opt_out import OptOut
from app.domain.order import NotificationType
from app.domain.stage_policy import has_later_stage, is_ended, superseded_by
from app.ports.store import Rows

_WAITING: Final = frozenset({State.PENDING, State.IN_DOUBT})
_SUPERSEDING: Final = frozenset({State.PENDING, State.HANDED_OVER})


def recheck(rows: Rows, row: Notification, at: datetime) -> Notification:
    """Apply the three rules to a row that waits again: opt-out, later stage, ended order; not saved.

    Each of them may have come true while the message was on its way.
    """
    row = suppress_if_opted_out(rows, row, at)
    row = suppress_if_superseded(rows, row, at)
    return cancel_if_order_ended(rows, row, at)


def suppress_if_opted_out(rows: Rows, row: Notification, at: datetime) -> Notification:
    """Return the row, suppressed if it is pending or doubtful and its customer opted out; not saved.

    A doubtful row is not repeated either; a receipt that proves its arrival may still raise it.
    """
    if row.state not in _WAITING or not is_opted_out(rows, row.phone, row.id):
        return row
    return row.suppressed(Suppression.OPTED_OUT, at)


def suppress_if_superseded(rows: Rows, row: Notification, at: datetime) -> Notification:
    """Return the row, suppressed if it is pending or doubtful and superseded; not saved.

    A later stage of the order supersedes, in either order of the two writes: it may have been queued during the
    attempt (A3, Q4).
    """
    return _superseded(row, at) if row.state in _WAITING and is_superseded(rows, row) else row


def cancel_if_order_ended(rows: Rows, row: Notification, at: datetime) -> Notification:
    """Return the row, cancelled if it is pending and its order has ended (A5); not saved."""
    if row.state is not State.PENDING or not _has_ended(rows, row):
        return row
    return row.cancelled(at)


def is_opted_out(rows: Rows, customer: Address, notification_id: NotificationId) -> bool:
    """Whether an opt-out forbids this message; the opt-out's own confirmation is exempt (X1)."""
    return forbids_message(rows.opt_outs.in_force(customer), notification_id)


def forbids_message(opt_out: OptOut | None, notification_id: NotificationId) -> bool:
    """Whether the opt-out in force, if any, forbids this message; its own confirmation is exempt (X1)."""
    return opt_out is not None and opt_out.confirmation_id != notification_id


def is_superseded(rows: Rows, row: Notification) -> bool:
    """Whether a later stage is told or queued; a deliberate repetition (`occurrence` > 1) is exempt."""
    if row.order_id is None or row.occurrence > 1:
        return False
    return has_later_stage(rows.notifications.of_order(row.order_id), row.type)


def is_independent_of_order(row: Notification) -> bool:
    """Whether the end of the order leaves the message valid: a person's reply is not about its stage."""
    return row.type is NotificationType.REPLY


def suppress_all_of(rows: Rows, customer: Address, at: datetime) -> list[Notification]:
    """Suppress and save the waiting rows of an opted-out customer; return the changed ones."""
    changed = []
    for row in rows.notifications.unfinished_of([customer]):
        kept = suppress_if_opted_out(rows, row, at)
        if kept is not row:
            rows.notifications.save(kept)
            changed.append(kept)
    return changed


def supersede_earlier_stages(rows: Rows, by: Notification, at: datetime) -> tuple[Notification, ...]:
    """Suppress, save and return the waiting messages of the order's earlier stages (A3).

    A customer about to hear "ready" need not hear "being prepared" first.
    """
    if by.order_id is None or by.state not in _SUPERSEDING:
        return ()
    late = superseded_by(rows.notifications.of_order(by.order_id), by.type)
    suppressed = tuple(_superseded(row, at) for row in late)
    for row in suppressed:
        rows.notifications.save(row)
    return suppressed


def raise_if_opted_out(rows: Rows, customer: Address) -> None:
    """Raise OptedOutError to a person if the customer has opted out."""
    if rows.opt_outs.in_force(customer) is not None:
        raise OptedOutError


def raise_if_order_ended(rows: Rows, row: Notification) -> None:
    """Raise OrderEndedError to a person if the order has ended."""
    if _has_ended(rows, row):
        raise OrderEndedError


def _has_ended(rows: Rows, row: Notification) -> bool:
    if row.order_id is None or is_independent_of_order(row):
        return False
    order = rows.orders.get(row.order_id)
    return order is not None and is_ended(order)


def _superseded(row: Notification, at: datetime) -> Notification:
    return row.suppressed(Suppression.SUPERSEDED, at)

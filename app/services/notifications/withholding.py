"""Keeps back what is owed to a customer who has opted out."""

from datetime import datetime
from typing import Final

from app.domain.errors import OptedOutError
from app.domain.identifiers import NotificationId
from app.domain.notification import Notification, State, Suppression
from app.domain.phone import Phone, customer_forms
from app.ports.store import Rows

_WAITING: Final = frozenset({State.PENDING, State.IN_DOUBT})


def is_opted_out(rows: Rows, phone: Phone, notification_id: NotificationId) -> bool:
    """Whether an opt-out forbids this message; its own confirmation alone it does not (X1)."""
    opt_out = rows.opt_outs.in_force(phone)
    return opt_out is not None and opt_out.confirmation_id != notification_id


def suppress_if_opted_out(rows: Rows, notification: Notification, at: datetime) -> Notification:
    """The same, or suppressed where it waits and its customer has opted out; not yet saved.

    What is in doubt is not repeated either; word that it had arrived may still raise it.
    """
    if notification.state not in _WAITING or not is_opted_out(rows, notification.phone, notification.id):
        return notification
    return notification.suppressed(Suppression.OPTED_OUT, at)


def suppress_all_of(rows: Rows, phone: Phone, at: datetime) -> list[Notification]:
    """Suppress everything that waits for this customer; returns what changed."""
    changed = []
    for owed in rows.notifications.unfinished_of(customer_forms(phone)):
        kept = suppress_if_opted_out(rows, owed, at)
        if kept is not owed:
            rows.notifications.save(kept)
            changed.append(kept)
    return changed


def raise_if_opted_out(rows: Rows, phone: Phone) -> None:
    """Raise OptedOutError where a person asks for what the customer does not want."""
    if rows.opt_outs.in_force(phone) is not None:
        raise OptedOutError

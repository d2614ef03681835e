"""In-memory guard that blocks numbers which opted out since the program started."""

from app.domain.identifiers import NotificationId
from app.domain.notification import Notification
from app.domain.phone import Phone, customer_forms


class OptOutGuard:
    """Guard checked right before the hand-over, because an attempt takes time after its database check.

    A number is blocked before its opt-out is committed and unblocked after its undo is committed: the database check
    when the attempt begins and this check when it ends together leave no gap (X1).
    """

    def __init__(self) -> None:
        self._allowed: dict[Phone, NotificationId | None] = {}

    def block(self, phone: Phone, confirmation: NotificationId | None) -> None:
        """Block every message to this number except this confirmation."""
        self._allowed[_customer(phone)] = confirmation

    def unblock(self, phone: Phone) -> None:
        self._allowed.pop(_customer(phone), None)

    def blocks(self, notification: Notification) -> bool:
        customer = _customer(notification.phone)
        return customer in self._allowed and self._allowed[customer] != notification.id


def _customer(phone: Phone) -> Phone:
    return customer_forms(phone)[0]

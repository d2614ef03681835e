"""Knows without a wait which numbers opted out since the program started."""

from app.domain.identifiers import NotificationId
from app.domain.notification import Notification
from app.domain.phone import Phone, customer_forms


class OptOutGuard:
    """Asked right before a text is handed over, because an attempt takes time after the database was asked.

    A number is closed before its opt-out is committed and opened after its undo is: what the database says when the
    attempt begins and what this says when it ends together leave no gap (X1).
    """

    def __init__(self) -> None:
        self._allowed: dict[Phone, NotificationId | None] = {}

    def block(self, phone: Phone, confirmation: NotificationId | None) -> None:
        """Nothing but this confirmation may go to it any more."""
        self._allowed[_customer(phone)] = confirmation

    def unblock(self, phone: Phone) -> None:
        self._allowed.pop(_customer(phone), None)

    def blocks(self, notification: Notification) -> bool:
        customer = _customer(notification.phone)
        return customer in self._allowed and self._allowed[customer] != notification.id


def _customer(phone: Phone) -> Phone:
    return customer_forms(phone)[0]

"""In-memory guard that blocks customers who opted out since the program started."""

from uuid import UUID

from app.domain.identifiers import IdentityId, NotificationId
from app.domain.lid import Address, address_forms
from app.domain.notification import Notification
from app.domain.phone import Phone

_Blocked = IdentityId | Address | tuple[IdentityId | None, IdentityId | Address]


class OptOutGuard:
    """Guard checked right before the hand-over, because an attempt takes time after its database check.

    A customer is blocked before its opt-out is committed and unblocked after its undo is committed: the database check
    when the attempt begins and this check when it ends together leave no gap (X1).
    """

    def __init__(self) -> None:
        self._allowed: dict[_Blocked, NotificationId | None] = {}

    def block(self, customer: IdentityId | Address, confirmation: NotificationId | None) -> None:
        """Block every message to this customer except this confirmation.

        By an address where the identity cannot be read.
        """
        self._allowed[_key(customer)] = confirmation

    def block_former(self, owner: IdentityId, phone: Phone, confirmation: NotificationId | None) -> None:
        """Block messages on their way to this number that bear its former owner's identity; the owner stays free."""
        self._allowed[owner, address_forms(phone)[0]] = confirmation

    def unblock_former(self, owner: IdentityId, phone: Phone) -> None:
        """Unblock the number for an owner that has it again."""
        self._allowed.pop((owner, address_forms(phone)[0]), None)

    def unblock(self, customer: IdentityId | Address) -> None:
        self._allowed.pop(_key(customer), None)

    def blocks(self, notification: Notification) -> bool:
        address = _key(notification.phone)
        keys = {notification.customer or notification.phone, address, (notification.customer, address)}
        return any(key in self._allowed and self._allowed[key] != notification.id for key in keys)


def _key(customer: IdentityId | Address) -> IdentityId | Address:
    """Return the identity or LID itself, and one spelling of a number."""
    return customer if isinstance(customer, UUID) else address_forms(customer)[0]

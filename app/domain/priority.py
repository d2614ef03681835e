"""Which message goes first when the pace makes several wait."""

from types import MappingProxyType
from typing import Final

from app.domain.order import NotificationType

_PRIORITIES: Final = MappingProxyType(
    {
        # Somebody who wants no more messages is told so before anybody is told anything else.
        NotificationType.OPT_OUT_CONFIRMATION: 9,
        NotificationType.READY: 3,
        NotificationType.PREPARING: 2,
        NotificationType.PAYMENT_CONFIRMED: 1,
    }
)


def priority_of(kind: NotificationType) -> int:
    """Higher goes first, never before an older message of the same customer (Q2)."""
    return _PRIORITIES.get(kind, 0)

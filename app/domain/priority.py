"""Priority of messages while the rate limit delays several."""

from types import MappingProxyType
from typing import Final

from app.domain.order import NotificationType

_PRIORITIES: Final = MappingProxyType(
    {
        # After PARAR the customer gets the confirmation before any other message goes out.
        NotificationType.OPT_OUT_CONFIRMATION: 9,
        # A person waits for it at the counter, and it is void after ten minutes.
        NotificationType.PIN_CODE: 8,
        NotificationType.READY: 3,
        NotificationType.PREPARING: 2,
        NotificationType.PAYMENT_CONFIRMED: 1,
    }
)


def priority_of(kind: NotificationType) -> int:
    """Return the priority; higher goes first, never before an older message of the same customer (Q2)."""
    return _PRIORITIES.get(kind, 0)

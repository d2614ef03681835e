"""Ids of orders, notifications, sessions, messages and customers."""

from typing import NewType
from uuid import UUID, uuid5

OrderId = NewType("OrderId", str)
NotificationId = NewType("NotificationId", UUID)
SessionId = NewType("SessionId", str)
MessageId = NewType("MessageId", str)
IdentityId = NewType("IdentityId", UUID)

# Never changes: another constant would give every stored notification another id.
_NOTIFICATIONS = UUID("5b0f4e0c-6a57-5d0e-9a3e-0c6d7f1f7c11")


def notification_id(order_id: OrderId, notification_type: str, occurrence: int) -> NotificationId:
    """Return the id of an order's message: deterministic, so the same on every PC (A2).

    Each `occurrence` of a type has its own.
    """
    return NotificationId(uuid5(_NOTIFICATIONS, f"{order_id}:{notification_type}:{occurrence}"))


def confirmation_id(session_id: SessionId, message_id: MessageId, word: str) -> NotificationId:
    """Return the id of an opt-out word's confirmation, the same on every PC (X1)."""
    return NotificationId(uuid5(_NOTIFICATIONS, f"opt_out:{session_id}:{message_id}:{word}"))


def answer_occurrence(drawn: UUID, text: str) -> int:
    """Return the occurrence of an answer that a person typed; no two PCs make the same one.

    Counting would give two answers of two PCs one id, and one of them would be lost. 31 bits fit into any database's
    integer; the text besides keeps two machines apart that draw alike, such as copies of one disk.
    """
    return uuid5(drawn, text).int >> 97

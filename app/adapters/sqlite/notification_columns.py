"""Mapping between a notification and the columns of its row."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Column, Table

from app.domain.identifiers import MessageId, NotificationId, OrderId, SessionId
from app.domain.lease import Lease
from app.domain.lid import Address
from app.domain.notification import Notification

READ: Final = (
    "id",
    "order_id",
    "notification_type",
    "occurrence",
    "session_id",
    "wa_message_id",
    "created_at",
    "scheduled_at",
    "state",
    "reason",
    "attempts",
    "repeats",
    "priority",
    "seq",
    "lease_owner",
    "lease_until",
    "sending_at",
    "sent_at",
    "delivered_at",
    "read_at",
    "doubted_at",
    "changed_at",
    "stage_at",
    "on_wire_at",
    "given_up_at",
    "customer_phone",
    "message_content",
    "phone_index",
    "emptied_at",
    "customer_id",
)
PERSONAL: Final = slice(-5, -1)
"""Columns of `READ` with the customer and the text."""

CHANGING_COLUMNS: Final = (
    "session_id",
    "scheduled_at",
    "state",
    "status",
    "reason",
    "attempts",
    "repeats",
    "priority",
    "lease_owner",
    "lease_until",
    "sending_at",
    "sent_at",
    "delivered_at",
    "read_at",
    "doubted_at",
    "changed_at",
    "stage_at",
    "on_wire_at",
    "given_up_at",
)
FIRST_COLUMNS: Final = (
    *CHANGING_COLUMNS,
    "id",
    "order_id",
    "notification_type",
    "occurrence",
    "customer_phone",
    "phone_index",
    "customer_id",
    "message_content",
    "wa_message_id",
    "created_at",
)


def read_columns(table: Table) -> "list[Column[Any]]":
    """Return the columns of a whole row, in the order of `READ`."""
    return [table.c[name] for name in READ]


def notification_of(row: Sequence[Any], phone: Address, text: str) -> Notification:
    """Return the notification of a readable row, with its opened personal cells."""
    id_, order_id, type_, occurrence, session_id, message_id, *rest = row
    created_at, scheduled_at, state, reason, attempts, repeats, priority, seq, owner, until, *moments = rest
    sending_at, sent_at, delivered_at, read_at, doubted_at, changed_at, stage_at, *marks = moments
    on_wire_at, given_up_at, *_, customer = marks
    return Notification(
        id=NotificationId(id_),
        order_id=None if order_id is None else OrderId(order_id),
        type=type_,
        occurrence=occurrence,
        session_id=SessionId(session_id),
        phone=phone,
        text=text,
        message_id=MessageId(message_id),
        created_at=created_at,
        scheduled_at=scheduled_at,
        state=state,
        reason=reason,
        attempts=attempts,
        repeats=repeats,
        priority=priority,
        seq=seq,
        lease=None if owner is None else Lease(owner, until),
        sending_at=sending_at,
        sent_at=sent_at,
        delivered_at=delivered_at,
        read_at=read_at,
        doubted_at=doubted_at,
        changed_at=changed_at,
        stage_at=stage_at,
        on_wire_at=on_wire_at,
        given_up_at=given_up_at,
        customer=customer,
    )


def changing_values(notification: Notification) -> dict[str, Any]:
    """Return the changeable columns of a row, and the status that follows from its state."""
    lease = notification.lease
    return {
        "session_id": notification.session_id,
        "scheduled_at": notification.scheduled_at,
        "state": notification.state.value,
        "status": notification.status,
        "reason": notification.reason,
        "attempts": notification.attempts,
        "repeats": notification.repeats,
        "priority": notification.priority,
        "lease_owner": lease.owner if lease else None,
        "lease_until": lease.until if lease else None,
        "sending_at": notification.sending_at,
        "sent_at": notification.sent_at,
        "delivered_at": notification.delivered_at,
        "read_at": notification.read_at,
        "doubted_at": notification.doubted_at,
        "changed_at": notification.changed_at,
        "stage_at": notification.stage_at,
        "on_wire_at": notification.on_wire_at,
        "given_up_at": notification.given_up_at,
    }


def first_values(notification: Notification) -> dict[str, Any]:
    """Return a new row's columns, without its place in the queue and its personal cells."""
    return {
        **changing_values(notification),
        "id": notification.id,
        "order_id": notification.order_id,
        "notification_type": notification.type.value,
        "occurrence": notification.occurrence,
        "wa_message_id": notification.message_id,
        "created_at": notification.created_at,
    }

"""Readdressing of messages after a change of the order's number."""

from datetime import datetime

from app.domain.identifiers import OrderId, notification_id
from app.domain.lid import Address
from app.domain.notification import Notification
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Rows
from app.services.notifications.order_phone import phone_of_order
from app.services.notifications.records import QueuedNotification
from app.services.notifications.suppression import is_independent_of_order


def current_phone(rows: Rows, phone_numbers: PhoneNumbers, row: Notification) -> Address:
    """Return the address that its order has now; raises InvalidPhoneError for an invalid one."""
    order = rows.orders.get(row.order_id) if row.order_id is not None else None
    if order is None or is_independent_of_order(row):
        return row.phone
    phone = phone_of_order(phone_numbers, order)
    return row.phone if rows.identities.same(row.phone, phone) else phone


def readdressed_copy(rows: Rows, row: Notification, phone: Address, at: datetime) -> QueuedNotification:
    """Return a new message to another address: a message that was handed over never changes its own (Q4)."""
    order_id = OrderId(row.order_id or "")
    known = rows.notifications.of_order(order_id)
    occurrence = max(each.occurrence for each in known if each.type is row.type) + 1
    return QueuedNotification(
        id=notification_id(order_id, row.type, occurrence),
        order_id=order_id,
        customer_phone=phone,
        message=row.text,
        notification_type=row.type,
        scheduled_at=at,
        session_id=row.session_id,
        occurrence=occurrence,
        stage_at=at,
    )

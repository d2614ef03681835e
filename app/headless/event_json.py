"""Conversion of events to JSON objects for the programs that read stdout."""

from typing import Any

from app.domain.events import (
    AccessChanged,
    ConnectionChanged,
    Event,
    NotificationChanged,
    NotificationQueued,
    OrderChanged,
    PickupOfferSwitched,
    ProblemReported,
    QueuePaused,
    RateLimitHoldsChanged,
    RepliesRead,
    ReplyArrived,
    ReplyChanged,
    SettingsChanged,
)
from app.domain.identifiers import OrderId
from app.domain.pickup_reply import choice_in
from app.headless.pace_report import holds_as_json


def event_json(event: Event) -> dict[str, Any] | None:
    """Return the event without personal data, or None for internal events; pairing codes are included."""
    match event:
        case NotificationQueued(notification) | NotificationChanged(notification) if notification.is_for_shop:
            return None
        case NotificationQueued(notification) | NotificationChanged(notification):
            return {
                "event": "notification",
                "notification_id": str(notification.id),
                "order_id": notification.order_id,
                "type": notification.type,
                "state": notification.state,
                "reason": notification.reason,
                "attempts": notification.attempts,
                "message_id": notification.message_id,
            }
        case ConnectionChanged(status):
            qr = status.qr_code.text if status.qr_code else None
            code = status.pairing_code.text if status.pairing_code else None
            said = {"event": "connection", "session": status.session_id, "lamp": status.state}
            return {**said, "reason": status.reason, "qr": qr, "pairing_code": code}
        case OrderChanged(order):
            return {"event": "order", "order_id": order.id, "number": order.number, "status": order.status}
        case ReplyArrived(reply):
            said = {"event": "inbound", "message_id": reply.message_id, "kind": reply.kind}
            return {**said, "order_id": reply.order_id, "live": reply.live}
        case ReplyChanged(reply):
            said = {"event": "inbound_changed", "message_id": reply.message_id, "kind": reply.kind}
            return {**said, "order_id": reply.order_id, "edited": reply.edited}
        case RepliesRead(order_id):
            return {"event": "replies_read", "order_id": order_id}
        case _:
            return _of_the_shop(event)


def order_of_pickup(event: Event) -> OrderId | None:
    """Return the order id of an event that can change a pickup reply (K9); None for any other event."""
    match event:
        case ReplyArrived(reply) if choice_in(reply.text or "") is not None:
            return reply.order_id
        case ReplyChanged(reply):
            return reply.order_id
        case _:
            return None


def _of_the_shop(event: Event) -> dict[str, Any] | None:
    """Return an event of the whole shop: queue, rate limits, problems."""
    match event:
        case QueuePaused(paused):
            return {"event": "queue", "paused": paused}
        case RateLimitHoldsChanged(limits):
            return {"event": "pace", "session": limits.session_id, "holds": holds_as_json(limits.holds)}
        case PickupOfferSwitched(on):
            return {"event": "pickup_replies", "on": on}
        case SettingsChanged(names):
            return {"event": "settings", "names": sorted(names)}
        case AccessChanged(has_pin):
            return {"event": "access", "pin_set": has_pin}
        case ProblemReported(code):
            return {"event": "trouble", "code": code}
        case _:
            return None

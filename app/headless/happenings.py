"""Says events in words for people and in JSON for programs."""

from typing import Any

from app.domain.events import (
    ConnectionChanged,
    Event,
    NotificationChanged,
    NotificationQueued,
    OrderChanged,
    ProblemReported,
    QueuePaused,
    RateLimitHoldsChanged,
    RepliesRead,
    ReplyArrived,
    ReplyChanged,
)
from app.domain.identifiers import OrderId
from app.domain.notification import Notification
from app.domain.session import ConnectionStatus
from app.headless.pace_report import holds_as_json
from app.services.text.message_catalog import MessageCatalog


def as_json(event: Event) -> dict[str, Any] | None:
    """The event without anything personal; None for those that concern nobody outside. Pairing codes are shown."""
    match event:
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
            said = {"event": "connection", "session": status.session_id, "lamp": status.lamp}
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


def _of_the_shop(event: Event) -> dict[str, Any] | None:
    """What concerns no single message, order or connection."""
    match event:
        case QueuePaused(paused):
            return {"event": "queue", "paused": paused}
        case RateLimitHoldsChanged(gauge):
            return {"event": "pace", "session": gauge.session_id, "holds": holds_as_json(gauge.holds)}
        case ProblemReported(code):
            return {"event": "trouble", "code": code}
        case _:
            return None


class Narrator:
    """Remembers the orders' numbers, because people say those and not ids."""

    def __init__(self, sentences: MessageCatalog) -> None:
        self._sentences = sentences
        self._numbers: dict[OrderId, int] = {}
        self._last_said = ""
        self._said_since_open: set[str] = set()

    def line(self, event: Event) -> str | None:
        """One Portuguese line, or None where nothing is worth saying."""
        match event:
            case OrderChanged(order):
                self._numbers[order.id] = order.number
            case NotificationQueued(notification) | NotificationChanged(notification):
                return self._of_notification(notification)
            case ConnectionChanged(status):
                return self._when_new(status)
            case ProblemReported(code):
                text = str(self._sentences.of_code(code))
                return self._sentences.say("headless", "trouble", text=text)
        return None

    def _of_notification(self, notification: Notification) -> str:
        number = self._numbers.get(notification.order_id) if notification.order_id else None
        return self._sentences.say(
            "headless",
            "notification",
            number=number or "–",
            type=self._sentences.of_type(notification.type),
            state=self._sentences.of_state(notification.state),
        )

    def _when_new(self, status: ConnectionStatus) -> str | None:
        """Each but once on the way to a connection, which may lead to and fro."""
        text = self._sentences.of_status(status)
        if text == self._last_said or (text in self._said_since_open and not status.is_connected):
            return None
        if status.is_connected:
            self._said_since_open.clear()
        self._said_since_open.add(text)
        self._last_said = text
        return text

"""Narrator of events: one Portuguese line for each that matters at the terminal."""

from app.domain.events import (
    ConnectionChanged,
    Event,
    NotificationChanged,
    NotificationQueued,
    OrderChanged,
    ProblemReported,
)
from app.domain.identifiers import OrderId
from app.domain.notification import Notification
from app.domain.session import ConnectionStatus
from app.services.text.message_catalog import MessageCatalog


class EventNarrator:
    """Event narrator that knows the orders' numbers, because people use those and not ids."""

    def __init__(self, sentences: MessageCatalog) -> None:
        self._sentences = sentences
        self._numbers: dict[OrderId, int] = {}
        self._last_said = ""
        self._said_since_open: set[str] = set()

    def line(self, event: Event) -> str | None:
        """Return one Portuguese line, or None for an event without news for people."""
        match event:
            case OrderChanged(order):
                self._numbers[order.id] = order.number
            case NotificationQueued(notification) | NotificationChanged(notification) if (
                not notification.is_for_shop
            ):
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
        """Return the status line; each is printed once per connection attempt, which may repeat its states."""
        text = self._sentences.of_status(status)
        if text == self._last_said or (text in self._said_since_open and not status.is_connected):
            return None
        if status.is_connected:
            self._said_since_open.clear()
        self._said_since_open.add(text)
        self._last_said = text
        return text

"""Synchronous publish-subscribe bus: delivers events to their subscribers in order."""

import logging
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from app.domain.events import Event

E = TypeVar("E", bound=Event)

_log = logging.getLogger(__name__)


class EventBus:
    """Calls subscribers, which must be quick; a failing one is logged and harms no other."""

    def __init__(self) -> None:
        self._subscribers: list[tuple[type[Event], Callable[[Any], None]]] = []
        self._waiting: deque[Event] = deque()
        self._delivering = False

    def subscribe(self, kind: type[E], subscriber: Callable[[E], None]) -> Callable[[], None]:
        """Call `subscriber` with each event of `kind` or a subclass; return the function that unsubscribes."""
        entry = (kind, subscriber)
        self._subscribers.append(entry)
        return lambda: self._subscribers.remove(entry)

    def publish(self, *events: Event) -> None:
        """Deliver now; events that a subscriber publishes meanwhile follow, so that all see the same order."""
        self._waiting.extend(events)
        if self._delivering:
            return
        self._delivering = True
        try:
            while self._waiting:
                self._deliver(self._waiting.popleft())
        finally:
            self._delivering = False

    def _deliver(self, event: Event) -> None:
        for kind, subscriber in tuple(self._subscribers):
            if isinstance(event, kind):
                try:
                    subscriber(event)
                except Exception:  # noqa: BLE001 - around one subscriber
                    _log.exception("subscriber_failed", extra={"event_type": type(event).__name__})

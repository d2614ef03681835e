"""Progress of a rush of orders, folded from events in place of repeated reads of the queue."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence

from app.domain.events import Event, NotificationChanged, NotificationQueued
from app.domain.identifiers import NotificationId, OrderId
from app.domain.notification import UNFINISHED, Notification, State


class DemoProgress:
    """Counts of the rush's messages by state; `moved` is set when one has changed."""

    def __init__(self, order_ids: Sequence[OrderId]) -> None:
        self._order_ids = frozenset(order_ids)
        self._states: dict[NotificationId, State] = {}
        self._counts: Counter[State] = Counter()
        self.moved = asyncio.Event()

    def begin(self, notifications: Iterable[Notification]) -> None:
        """Record the messages from before the first event; states from events are newer and stay."""
        for notification in notifications:
            if notification.id not in self._states:
                self._put(notification)

    def follow(self, event: Event) -> bool:
        """Apply an event; return whether it was about a message of the rush."""
        if not isinstance(event, NotificationQueued | NotificationChanged):
            return False
        if event.notification.order_id not in self._order_ids:
            return False
        self._put(event.notification)
        self.moved.set()
        return True

    @property
    def read(self) -> int:
        return self._counts[State.READ]

    @property
    def waiting(self) -> int:
        """Number of messages that are neither sent nor given up."""
        return sum(self._counts[state] for state in UNFINISHED)

    @property
    def settled(self) -> bool:
        """Whether no message waits and all sent ones have been read."""
        return not (self.waiting or self._counts[State.SENT] or self._counts[State.DELIVERED])

    def _put(self, notification: Notification) -> None:
        if (before := self._states.get(notification.id)) is not None:
            self._counts[before] -= 1
        self._states[notification.id] = notification.state
        self._counts[notification.state] += 1

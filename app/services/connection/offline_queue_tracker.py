"""Tracker of WhatsApp's offline queue: publishes once per connection that it is drained."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from app.domain.customer_reply import UNREADABLE
from app.domain.events import OfflineMessageRead, OfflineQueueDrained
from app.domain.identifiers import MessageId, SessionId
from app.domain.offline_queue import OfflineQueuePolicy
from app.ports.clock import Clock
from app.ports.inbound import Inbound, UnreadMessage
from app.services.background_tasks import BackgroundTasks
from app.services.connection.unread_senders import UnreadSenders
from app.services.event_bus import EventBus

_log = logging.getLogger(__name__)


class OfflineQueueTracker:
    """Matches open and drained reports, which come in either order, by `generation` of the connection.

    WhatsApp reports the end of its offline queue; a lost report must not hold the shop's messages for good. A queue is
    drained when each of its messages is recorded, or after a fixed time: then their writers alone are held.
    """

    def __init__(
        self,
        session_id: SessionId,
        bus: EventBus,
        clock: Clock,
        tasks: BackgroundTasks,
        senders: UnreadSenders,
        policy: OfflineQueuePolicy,
    ) -> None:
        self._session_id = session_id
        self._bus, self._clock, self._tasks = bus, clock, tasks
        self._senders, self._policy = senders, policy
        self._open = self._drained = self._published = 0
        self._arrived_at = clock.steady()
        self._being_saved = self._unread_of = 0
        self._unread: set[MessageId] = set()

    @property
    def drained_generation(self) -> int:
        """Generation of an open connection with a drained queue; 0 if there is no such connection."""
        return self._open if self._open == self._published else 0

    def record_open(self, generation: int) -> None:
        self._open = generation
        self._begin(generation)
        self._publish(generation)
        self._tasks.start(self._drain_at_last(generation), "drained_at_last")

    def record_drained(self, generation: int) -> None:
        self._drained = generation
        self._publish(generation)

    def record_closed(self) -> None:
        self._open = 0

    def record_stanza(self, generation: int, unread: UnreadMessage | None) -> None:
        """Count a stanza of the offline queue; hold the writer of a message until it is recorded."""
        self._begin(generation)
        self.record_arrival()
        if unread and self._senders.add(self._session_id, generation, unread):
            self._unread.add(unread.message_id)

    def record_read(self, message_id: MessageId) -> None:
        """Release the writer of a message that is recorded."""
        self._unread.discard(message_id)
        self._senders.remove(self._session_id, message_id)
        self._publish(self._open)
        self._bus.publish(OfflineMessageRead(self._session_id))

    def record_inbound(self, inbound: Inbound) -> None:
        """Hold the writer of an undecryptable message until it came again; only its customer waits for that."""
        if inbound.kind == UNREADABLE:
            self._senders.await_resend(self._session_id, inbound.message_id)
        elif self._senders.end_resend(self._session_id, inbound.message_id):
            self._bus.publish(OfflineMessageRead(self._session_id))

    def record_arrival(self) -> None:
        """Count a text or a receipt as a sign that the offline queue still comes."""
        self._arrived_at = self._clock.steady()

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """Extend the arrival until it is saved: later ones wait behind it and stay unnoticed."""
        self._being_saved += 1
        self.record_arrival()
        try:
            yield
        finally:
            self._being_saved -= 1
            self.record_arrival()

    def _begin(self, generation: int) -> None:
        """Forget what the connection before this one left unread: it comes again, before or after `open`."""
        if generation != self._unread_of:
            self._unread_of = generation
            self._unread.clear()

    def _silence_left(self) -> timedelta:
        silence = self._policy.silence
        if self._being_saved or self._unread:
            return silence
        return self._arrived_at + silence - self._clock.steady()

    async def _drain_at_last(self, generation: int) -> None:
        """Treat the queue as drained after a silence, at the latest after a fixed time.

        A busy chat may never be silent, and a text may never be recorded.
        """
        opened_at = self._clock.steady()
        self.record_arrival()
        while generation == self._open != self._published:
            left = opened_at + self._policy.at_most - self._clock.steady()
            if min(left, self._silence_left()) <= timedelta(0):
                self._publish_drained(generation)
            else:
                await self._clock.sleep(min(left, self._silence_left()))

    def _publish(self, generation: int) -> None:
        if self._open == self._drained == generation != self._published and not self._unread:
            self._publish_drained(generation)

    def _publish_drained(self, generation: int) -> None:
        self._published = generation
        self._senders.forget_older(self._session_id, generation)
        if self._unread:
            _log.warning("offline_queue_unread", extra={"messages": len(self._unread)})
        self._bus.publish(OfflineQueueDrained(self._session_id))

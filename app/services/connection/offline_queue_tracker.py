"""Tracker of WhatsApp's offline queue: publishes once per connection that it is drained."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from app.domain.events import OfflineQueueDrained
from app.domain.identifiers import SessionId
from app.ports.clock import Clock
from app.services.background_tasks import BackgroundTasks
from app.services.event_bus import EventBus

# WhatsApp reports an empty offline queue; a lost report must not hold the shop's messages for good.
_SILENCE = timedelta(seconds=5)
# A slow PC needs longer for a long queue; a busy chat must not keep the queue open for good.
_DRAINED_WITHIN = timedelta(minutes=2)


class OfflineQueueTracker:
    """Matches open and drained reports, which come in either order, by `generation` of the connection."""

    def __init__(self, session_id: SessionId, bus: EventBus, clock: Clock, tasks: BackgroundTasks) -> None:
        self._session_id = session_id
        self._bus, self._clock, self._tasks = bus, clock, tasks
        self._open = self._drained = self._published = 0
        self._arrived_at = clock.steady()
        self._being_saved = 0

    @property
    def drained_generation(self) -> int:
        """Generation of an open connection with a drained queue; 0 if there is no such connection."""
        return self._open if self._open == self._published else 0

    def record_open(self, generation: int) -> None:
        self._open = generation
        self._publish(generation)
        self._tasks.start(self._drain_after_silence(generation), "drained_at_last")

    def record_drained(self, generation: int) -> None:
        self._drained = generation
        self._publish(generation)

    def record_closed(self) -> None:
        self._open = 0

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

    def _silence_left(self) -> timedelta:
        return _SILENCE if self._being_saved else self._arrived_at + _SILENCE - self._clock.steady()

    async def _drain_after_silence(self, generation: int) -> None:
        """Treat the queue as drained after a silence, at the latest after a fixed time.

        A busy chat may never be silent.
        """
        opened_at = self._arrived_at = self._clock.steady()
        while (left := self._silence_left()) > timedelta(0):
            await self._clock.sleep(left)
            if self._clock.steady() - opened_at >= _DRAINED_WITHIN:
                break
        if generation == self._open:
            self.record_drained(generation)

    def _publish(self, generation: int) -> None:
        if self._open == self._drained == generation != self._published:
            self._published = generation
            self._bus.publish(OfflineQueueDrained(self._session_id))

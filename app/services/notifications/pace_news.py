"""Tells when there is something else to be read of a number's pace, because something was sent or time has passed."""

import asyncio
from typing import Final

from app.domain.events import GaugeMoved, NotificationMoved, PaceChanged
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.pacing import PaceGauge
from app.ports.clock import Clock
from app.services.event_bus import EventBus
from app.services.notifications.paces import Paces

_COUNTED: Final = frozenset({State.SENT, State.IN_DOUBT})


class PaceNews:
    """Where numbers keep no pace of their own nothing is counted, and a rush costs nothing here."""

    def __init__(self, paces: Paces, bus: EventBus, clock: Clock) -> None:
        self._paces, self._bus, self._clock = paces, bus, clock
        self._awake = asyncio.Event()
        self._read: dict[SessionId, object] = {}
        bus.subscribe(PaceChanged, lambda _: self._awake.set())
        if any(pace.on for pace in paces):
            bus.subscribe(NotificationMoved, self._moved)

    async def run(self) -> None:
        """Until cancelled."""
        self._read = {gauge.session_id: _reading(gauge) for gauge in self._paces.gauges()}
        while True:
            waits = [wait for pace in self._paces if (wait := pace.next_reading())]
            await self._clock.wait(self._awake, min(waits, default=None))
            self._awake.clear()
            self._tell()

    def _moved(self, event: NotificationMoved) -> None:
        if event.notification.state in _COUNTED:
            self._awake.set()

    def _tell(self) -> None:
        for gauge in self._paces.gauges():
            reading = _reading(gauge)
            if self._read.get(gauge.session_id) != reading:
                self._read[gauge.session_id] = reading
                self._bus.publish(GaugeMoved(gauge))


def _reading(gauge: PaceGauge) -> object:
    """Without the ends of what holds: they have an event of their own where WhatsApp moves them."""
    chats = gauge.new_chats and (gauge.new_chats.used, gauge.new_chats.total)
    held = tuple(hold.reason for hold in gauge.holds)
    return gauge.cold_today, gauge.cold_cap, gauge.warm_up_day, gauge.last_minute, chats, held

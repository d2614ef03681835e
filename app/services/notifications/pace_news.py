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
        self._read: dict[SessionId, PaceGauge] = {}
        bus.subscribe(PaceChanged, self._changed)
        if any(pace.on for pace in paces):
            bus.subscribe(NotificationMoved, self._moved)

    async def run(self) -> None:
        """Until cancelled; what has changed between two runs is told by the second."""
        self._read = self._read or {gauge.session_id: gauge for gauge in self._paces.gauges()}
        while True:
            self._awake.clear()
            self._tell()
            waits = [wait for pace in self._paces if (wait := pace.next_reading())]
            await self._clock.wait(self._awake, min(waits, default=None))

    def _changed(self, event: PaceChanged) -> None:
        """Others have told that."""
        self._read[event.gauge.session_id] = event.gauge
        self._awake.set()

    def _moved(self, event: NotificationMoved) -> None:
        if event.notification.state in _COUNTED:
            self._awake.set()

    def _tell(self) -> None:
        for gauge in self._paces.gauges():
            before = self._read[gauge.session_id]
            self._read[gauge.session_id] = gauge
            if _held_by(gauge) != _held_by(before):
                self._bus.publish(PaceChanged(gauge))
            elif _figures(gauge) != _figures(before):
                self._bus.publish(GaugeMoved(gauge))


def _held_by(gauge: PaceGauge) -> object:
    """Without the ends: who moves one tells that."""
    return [hold.reason for hold in gauge.holds]


def _figures(gauge: PaceGauge) -> object:
    chats = gauge.new_chats and (gauge.new_chats.used, gauge.new_chats.total)
    return gauge.cold_today, gauge.cold_cap, gauge.warm_up_day, gauge.last_minute, chats

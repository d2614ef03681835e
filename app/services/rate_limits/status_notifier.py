"""Notifier of changes in rate limit status: after a send, or by time alone."""

import asyncio
from typing import Final

from app.domain.events import NotificationChanged, RateLimitHoldsChanged, RateLimitUsageChanged
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.rate_limit import RateLimitStatus
from app.ports.clock import Clock
from app.services.event_bus import EventBus
from app.services.rate_limits.rate_limiters import RateLimiters

_COUNTED: Final = frozenset({State.SENT, State.IN_DOUBT})


class RateLimitStatusNotifier:
    """Change notifier of all sessions; without the shop's own limits it ignores sends, so a rush costs no time here."""

    def __init__(self, paces: RateLimiters, bus: EventBus, clock: Clock) -> None:
        self._limiters, self._bus, self._clock = paces, bus, clock
        self._awake = asyncio.Event()
        self._read: dict[SessionId, RateLimitStatus] = {}
        bus.subscribe(RateLimitHoldsChanged, self._on_holds_changed)
        if any(pace.on for pace in paces):
            bus.subscribe(NotificationChanged, self._on_notification_changed)

    async def run(self) -> None:
        """Publish changes until cancelled; a second run publishes those since the first."""
        self._read = self._read or {gauge.session_id: gauge for gauge in self._limiters.statuses()}
        while True:
            self._awake.clear()
            self._publish_changes()
            waits = [wait for pace in self._limiters if (wait := pace.next_status_change())]
            await self._clock.wait(self._awake, min(waits, default=None))

    def _on_holds_changed(self, event: RateLimitHoldsChanged) -> None:
        """Remember a status that its changer has published already."""
        self._read[event.status.session_id] = event.status
        self._awake.set()

    def _on_notification_changed(self, event: NotificationChanged) -> None:
        if event.notification.state in _COUNTED:
            self._awake.set()

    def _publish_changes(self) -> None:
        for gauge in self._limiters.statuses():
            before = self._read[gauge.session_id]
            self._read[gauge.session_id] = gauge
            if _held_by(gauge) != _held_by(before):
                self._bus.publish(RateLimitHoldsChanged(gauge))
            elif _figures(gauge) != _figures(before):
                self._bus.publish(RateLimitUsageChanged(gauge))


def _held_by(gauge: RateLimitStatus) -> object:
    """Return the reasons without their ends: moving an end is published by its mover."""
    return [hold.reason for hold in gauge.holds]


def _figures(gauge: RateLimitStatus) -> object:
    chats = gauge.new_chats and (gauge.new_chats.used, gauge.new_chats.total)
    return gauge.cold_today, gauge.cold_cap, gauge.warm_up_day, gauge.last_minute, chats

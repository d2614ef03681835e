"""Notifier of changes in rate limit status: after a send, or by time alone."""

import asyncio
from typing import Final

from app.domain.events import (
    NotificationChanged,
    RateLimitHoldsChanged,
    RateLimitUsageChanged,
    SettingsChanged,
)
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.rate_limit import RateLimitStatus
from app.ports.clock import Clock
from app.services.event_bus import EventBus
from app.services.rate_limits.rate_limiters import RateLimiters

_COUNTED: Final = frozenset({State.SENT, State.IN_DOUBT})


class RateLimitStatusNotifier:
    """Change notifier of all sessions; without the shop's own limits it ignores sends, so a rush costs no time here."""

    def __init__(self, limiters: RateLimiters, bus: EventBus, clock: Clock) -> None:
        self._limiters, self._bus, self._clock = limiters, bus, clock
        self._awake = asyncio.Event()
        self._published: dict[SessionId, RateLimitStatus] = {}
        bus.subscribe(RateLimitHoldsChanged, self._on_holds_changed)
        bus.subscribe(NotificationChanged, self._on_notification_changed)
        bus.subscribe(SettingsChanged, self._on_settings_changed)

    async def run(self) -> None:
        """Publish changes until cancelled; a second run publishes those since the first."""
        self._published = {
            status.session_id: status for status in self._limiters.statuses()
        } | self._published
        while True:
            self._awake.clear()
            self._publish_changes()
            waits = [wait for limiter in self._limiters if (wait := limiter.next_status_change())]
            await self._clock.wait(self._awake, min(waits, default=None))

    def _on_holds_changed(self, event: RateLimitHoldsChanged) -> None:
        """Remember a status that its changer has published already."""
        self._published[event.status.session_id] = event.status
        self._awake.set()

    def _on_notification_changed(self, event: NotificationChanged) -> None:
        if event.notification.state in _COUNTED and any(limiter.on for limiter in self._limiters):
            self._awake.set()

    def _on_settings_changed(self, _: SettingsChanged) -> None:
        self._awake.set()

    def _publish_changes(self) -> None:
        for status in self._limiters.statuses():
            before = self._published[status.session_id]
            self._published[status.session_id] = status
            if _held_by(status) != _held_by(before):
                self._bus.publish(RateLimitHoldsChanged(status))
            elif _figures(status) != _figures(before):
                self._bus.publish(RateLimitUsageChanged(status))


def _held_by(status: RateLimitStatus) -> object:
    """Return the reasons without their ends: moving an end is published by its mover."""
    return [hold.reason for hold in status.holds]


def _figures(status: RateLimitStatus) -> object:
    chats = status.new_chats and (status.new_chats.used, status.new_chats.total)
    limits = status.cold_cap, status.per_minute
    return status.cold_today, limits, status.warm_up_day, status.last_minute, chats

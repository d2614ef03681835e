"""Rate limiters of all sessions: restored at start, restricted by WhatsApp, read by front ends."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.domain.contact import Contact, is_cold
from app.domain.events import RateLimitHoldsChanged, SettingsChanged
from app.domain.identifiers import SessionId
from app.domain.notification import Notification, State
from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import Hold, HoldReason, RateLimitStatus
from app.domain.restriction import Restriction, RestrictionKind
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.rate_limits.provider_limits_record import (
    ProviderLimitsSnapshot,
    load_provider_limits,
    save_provider_limits,
)
from app.services.rate_limits.rate_limiter import RateLimiter
from app.services.rate_limits.send_history import SendAges, stored_ages

_HELD_BY: Final = {
    RestrictionKind.TIME_LOCK: HoldReason.COLD_LOCK,
    RestrictionKind.NEW_CHAT_CAP: HoldReason.NEW_CHAT_CAP,
}


class RateLimiters:
    """Lookup of the hold, and of its end, that delays a due message."""

    def __init__(
        self,
        store: Store,
        bus: EventBus,
        clock: Clock,
        limiters: Sequence[RateLimiter],
        policy: Callable[[], QueuePolicy],
    ) -> None:
        self._store, self._bus, self._clock, self._policy = store, bus, clock, policy
        self._limiters: Mapping[SessionId, RateLimiter] = {
            limiter.session_id: limiter for limiter in limiters
        }
        self._unsaved: dict[SessionId, RateLimitStatus] = {}
        """Statuses before a restriction that is not saved yet; it is saved again after a busy database refused."""

        bus.subscribe(SettingsChanged, self._on_settings_changed)

    def __iter__(self) -> Iterator[RateLimiter]:
        return iter(self._limiters.values())

    async def resume(self) -> None:
        """Restore the last hour, the last day and WhatsApp's limits from the database."""
        now = self._clock.now()

        def work(rows: Rows) -> dict[SessionId, tuple[SendAges, ProviderLimitsSnapshot]]:
            return {
                each: (stored_ages(rows, each, now), load_provider_limits(rows, each))
                for each in self._limiters
            }

        for session_id, kept in (await self._store.read(work)).items():
            self._limiters[session_id].resume(*kept)

    async def apply_restriction(self, session_id: SessionId, restriction: Restriction) -> bool:
        """Pause first contacts until the restriction ends; return whether that hold is new.

        Without an end from WhatsApp the pause lasts a day. WhatsApp is asked at each connection and mostly repeats a
        known one.
        """
        limiter = self._limiters.get(session_id)
        if limiter is None:
            return False
        before = self._unsaved.setdefault(session_id, limiter.status())
        limits = limiter.apply_restriction(restriction)
        after = limiter.status()
        if (before.holds, before.new_chats) != (after.holds, after.new_chats):
            await self._store.transact(lambda rows: save_provider_limits(rows, session_id, limits))
            self._bus.publish(RateLimitHoldsChanged(after))
        self._unsaved.pop(session_id, None)
        reason = _HELD_BY[restriction.kind]
        return before.held_until(reason) is None and after.held_until(reason) is not None

    def _on_settings_changed(self, _: SettingsChanged) -> None:
        for limiter in self:
            limiter.shorten_gap()

    def statuses(self) -> list[RateLimitStatus]:
        return [limiter.status() for limiter in self._limiters.values()]

    def status(self, session_id: SessionId) -> RateLimitStatus:
        """Return the status of one of the shop's numbers."""
        return self._limiters[session_id].status()

    async def hold_of(self, notification: Notification) -> Hold | None:
        """Return the hold of this message with its end; None if no rate limit holds it."""
        if notification.session_id not in self._limiters or notification.state is not State.PENDING:
            return None
        contact = await self._store.read(lambda rows: rows.contacts.get(notification.phone))
        return self.hold(notification, contact)

    def hold(self, notification: Notification, contact: Contact | None) -> Hold | None:
        """Return the hold of a message with its contact already loaded."""
        limiter = self._limiters.get(notification.session_id)
        if limiter is None or notification.state is not State.PENDING:
            return None
        hold = limiter.hold_of(notification.customer, cold=is_cold(contact, notification.session_id))
        return hold and replace(hold, in_time=not self._policy().is_stale(notification, hold.until))

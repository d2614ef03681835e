"""The pace of every session: taken up at the start, restricted by WhatsApp's word, shown to people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.domain.contact import Contact, is_cold
from app.domain.events import RateLimitHoldsChanged
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
    """Front ends ask here why a message that is due does not go, and until when."""

    def __init__(
        self, store: Store, bus: EventBus, clock: Clock, paces: Sequence[RateLimiter], policy: QueuePolicy
    ) -> None:
        self._store, self._bus, self._clock, self._policy = store, bus, clock, policy
        self._limiters: Mapping[SessionId, RateLimiter] = {pace.session_id: pace for pace in paces}
        self._unsaved: dict[SessionId, RateLimitStatus] = {}
        """How those stood before a word of WhatsApp that is not kept yet: a busy database is asked again."""

    def __iter__(self) -> Iterator[RateLimiter]:
        return iter(self._limiters.values())

    async def resume(self) -> None:
        """Take up what the database knows of the last hour, the last day and WhatsApp's demands."""
        now = self._clock.now()

        def work(rows: Rows) -> dict[SessionId, tuple[SendAges, ProviderLimitsSnapshot]]:
            return {
                each: (stored_ages(rows, each, now), load_provider_limits(rows, each))
                for each in self._limiters
            }

        for session_id, kept in (await self._store.read(work)).items():
            self._limiters[session_id].resume(*kept)

    async def apply_restriction(self, session_id: SessionId, restriction: Restriction) -> bool:
        """First contacts pause until its end, or for a day where WhatsApp names none; whether that is news.

        WhatsApp is asked at each connection, and mostly says again what is known.
        """
        pace = self._limiters.get(session_id)
        if pace is None:
            return False
        before = self._unsaved.setdefault(session_id, pace.status())
        restraint = pace.apply_restriction(restriction)
        after = pace.status()
        if (before.holds, before.new_chats) != (after.holds, after.new_chats):
            await self._store.transact(lambda rows: save_provider_limits(rows, session_id, restraint))
            self._bus.publish(RateLimitHoldsChanged(after))
        self._unsaved.pop(session_id, None)
        reason = _HELD_BY[restriction.kind]
        return before.held_until(reason) is None and after.held_until(reason) is not None

    def statuses(self) -> list[RateLimitStatus]:
        return [pace.status() for pace in self._limiters.values()]

    def status(self, session_id: SessionId) -> RateLimitStatus:
        """Of one of the shop's numbers."""
        return self._limiters[session_id].status()

    async def hold_of(self, notification: Notification) -> Hold | None:
        """Why this message waits and until when; None where the pace does not hold it."""
        if notification.session_id not in self._limiters or notification.state is not State.PENDING:
            return None
        contact = await self._store.read(lambda rows: rows.contacts.get(notification.phone))
        return self.hold(notification, contact)

    def hold(self, notification: Notification, contact: Contact | None) -> Hold | None:
        """The same, for those who have looked already what its number and its customer are to each other."""
        pace = self._limiters.get(notification.session_id)
        if pace is None or notification.state is not State.PENDING:
            return None
        hold = pace.hold_of(notification.phone, cold=is_cold(contact, notification.session_id))
        return hold and replace(hold, in_time=not self._policy.is_stale(notification, hold.until))

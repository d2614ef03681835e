"""The pace of every session: taken up at the start, restricted by WhatsApp's word, shown to people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.domain.contact import Contact, is_cold
from app.domain.events import PaceChanged
from app.domain.identifiers import SessionId
from app.domain.notification import Notification, State
from app.domain.pacing import Hold, HoldReason, PaceGauge
from app.domain.restriction import Restriction, RestrictionKind
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.notifications.pace import Pace
from app.services.notifications.queue_policy import QueuePolicy
from app.services.notifications.restraint import Restraint, keep_restraint, kept_restraint
from app.services.notifications.sent_lately import Ages, ages_kept

_HELD_BY: Final = {
    RestrictionKind.TIME_LOCK: HoldReason.COLD_LOCK,
    RestrictionKind.NEW_CHAT_CAP: HoldReason.NEW_CHAT_CAP,
}


class Paces:
    """Front ends ask here why a message that is due does not go, and until when."""

    def __init__(
        self, store: Store, bus: EventBus, clock: Clock, paces: Sequence[Pace], policy: QueuePolicy
    ) -> None:
        self._store, self._bus, self._clock, self._policy = store, bus, clock, policy
        self._paces: Mapping[SessionId, Pace] = {pace.session_id: pace for pace in paces}
        self._untold: dict[SessionId, PaceGauge] = {}
        """How those stood before a word of WhatsApp that is not kept yet: a busy database is asked again."""

    def __iter__(self) -> Iterator[Pace]:
        return iter(self._paces.values())

    async def resume(self) -> None:
        """Take up what the database knows of the last hour, the last day and WhatsApp's demands."""
        now = self._clock.now()

        def work(rows: Rows) -> dict[SessionId, tuple[Ages, Restraint]]:
            return {each: (ages_kept(rows, each, now), kept_restraint(rows, each)) for each in self._paces}

        for session_id, kept in (await self._store.read(work)).items():
            self._paces[session_id].resume(*kept)

    async def restricted(self, session_id: SessionId, restriction: Restriction) -> bool:
        """First contacts pause until its end, or for a day where WhatsApp names none; whether that is news.

        WhatsApp is asked at each connection, and mostly says again what is known.
        """
        pace = self._paces.get(session_id)
        if pace is None:
            return False
        before = self._untold.setdefault(session_id, pace.gauge())
        restraint = pace.restricted(restriction)
        after = pace.gauge()
        if (before.holds, before.new_chats) != (after.holds, after.new_chats):
            await self._store.transact(lambda rows: keep_restraint(rows, session_id, restraint))
            self._bus.publish(PaceChanged(after))
        self._untold.pop(session_id, None)
        reason = _HELD_BY[restriction.kind]
        return before.held_until(reason) is None and after.held_until(reason) is not None

    def gauges(self) -> list[PaceGauge]:
        return [pace.gauge() for pace in self._paces.values()]

    def gauge(self, session_id: SessionId) -> PaceGauge:
        """Of one of the shop's numbers."""
        return self._paces[session_id].gauge()

    async def hold_of(self, notification: Notification) -> Hold | None:
        """Why this message waits and until when; None where the pace does not hold it."""
        if notification.session_id not in self._paces or notification.state is not State.PENDING:
            return None
        contact = await self._store.read(lambda rows: rows.contacts.get(notification.phone))
        return self.hold(notification, contact)

    def hold(self, notification: Notification, contact: Contact | None) -> Hold | None:
        """The same, for those who have looked already what its number and its customer are to each other."""
        pace = self._paces.get(notification.session_id)
        if pace is None or notification.state is not State.PENDING:
            return None
        hold = pace.hold_of(notification.phone, cold=is_cold(contact, notification.session_id))
        return hold and replace(hold, in_time=not self._policy.is_old_news(notification, hold.until))

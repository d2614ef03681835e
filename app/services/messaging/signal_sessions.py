"""Refresh of Signal sessions that an unclean stop may have set back."""

import asyncio
from collections import Counter, defaultdict

from app.domain.events import NotificationChanged
from app.domain.identifiers import SessionId
from app.ports.messenger import Messenger
from app.ports.store import Store
from app.services.event_bus import EventBus


class SignalSessionRefresher:
    """Refresher of suspects: a message encrypted with a used ratchet cannot be read by the customer's phone."""

    def __init__(self, store: Store, messenger: Messenger, bus: EventBus) -> None:
        self._store, self._messenger = store, messenger
        self._doubts: Counter[SessionId] = Counter()
        self._refreshed: dict[SessionId, int] = {}
        """Number of doubts seen when the last refresh left no suspect."""
        self._one_by_one: defaultdict[SessionId, asyncio.Lock] = defaultdict(asyncio.Lock)
        bus.subscribe(NotificationChanged, self._moved)

    async def refresh_suspects(self, session_id: SessionId) -> None:
        """Refresh every suspect recipient of the session and all own devices; no-op without suspects."""
        if self._is_sound(session_id):
            return
        async with self._one_by_one[session_id]:
            if not self._is_sound(session_id):
                # A doubt that arises during the refresh is left to the next one.
                doubts = self._doubts[session_id]
                await self._refresh(session_id)
                self._refreshed[session_id] = doubts

    def _is_sound(self, session_id: SessionId) -> bool:
        return self._refreshed.get(session_id) == self._doubts[session_id]

    async def _refresh(self, session_id: SessionId) -> None:
        suspects = await self._store.read(lambda rows: rows.numbers.suspects(session_id))
        if not suspects:
            return
        jids = [known.account.jid for known in suspects if known.account]
        if jids:
            await self._messenger.refresh_session(session_id, jids)
        phones = [known.phone for known in suspects]
        await self._store.transact(lambda rows: rows.numbers.clear_suspects(phones, session_id))

    def _moved(self, event: NotificationChanged) -> None:
        """Count an event that makes its recipient a suspect: a doubt, even without a repeat, or a stale session."""
        if event.notification.doubted_at is not None or event.notification.has_stale_session:
            self._doubts[event.notification.session_id] += 1

"""Failover of senders: a connected number takes over from one that is removed, or that is out if the shop allows it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from app.domain.contact import Contact
from app.domain.events import (
    ConnectionChanged,
    Event,
    NotificationChanged,
    NotificationQueued,
    SettingsChanged,
)
from app.domain.identifiers import SessionId
from app.domain.notification import Notification, State
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.services.connection.sessions import Sessions
from app.services.event_bus import EventBus

NUMBER_OUT: Final = "number_out"
_BATCH: Final = 200


class SenderFailover:
    """Moves messages never handed to WhatsApp; a doubtful one stays with the number that may have sent it.

    One that may have left and waits to be repeated holds back no message that the other number can send. A number that
    was taken out of the settings has no worker: its messages are moved whether failover is allowed or not.

    Active only while `run` runs; the events that arrive during a pass lead to one more pass.
    """

    def __init__(
        self,
        store: Store,
        bus: EventBus,
        clock: Clock,
        sessions: Sessions,
        wake: Callable[[], None],
        allowed: Callable[[], bool],
    ) -> None:
        self._store, self._bus, self._clock = store, bus, clock
        self._sessions, self._wake, self._allowed = sessions, wake, allowed
        self._awake = asyncio.Event()
        self._unsubscribe: list[Callable[[], None]] = []

    def start(self) -> None:
        """Follow the events that can strand a message until `stop`."""
        kinds = (ConnectionChanged, NotificationQueued, NotificationChanged, SettingsChanged)
        self._unsubscribe += [self._bus.subscribe(kind, self._on_event) for kind in kinds]

    async def stop(self) -> None:
        """Follow no event any more; `run` ends with the background loops."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    async def run(self) -> None:
        """Fail over after each event, until cancelled; the first pass takes the rows from before a restart."""
        while True:
            self._awake.clear()
            await self._fail_over()
            await self._clock.wait(self._awake, None)

    def _on_event(self, event: Event) -> None:
        """Wake `run` on connections, settings, new rows, and rows made pending by a person or customer."""
        if not isinstance(event, NotificationChanged) or self._is_stranded(event.notification):
            self._awake.set()

    def _is_stranded(self, row: Notification) -> bool:
        return row.state is State.PENDING and self._sessions.is_out(row.session_id)

    async def _fail_over(self) -> None:
        """Hand over what removed numbers left, and, if the shop allows it now, what numbers that are out did (Q9)."""
        fallback = next((each for each in self._sessions.ids if self._sessions.is_connected(each)), None)
        if fallback is None:
            return
        removed = await self._store.read(partial(_removed, known=frozenset(self._sessions.ids)))
        at_rest = (
            [each for each in self._sessions.ids if self._sessions.is_out(each)] if self._allowed() else []
        )
        if out := removed.union(at_rest):
            await self._hand_over(fallback, out)

    async def _hand_over(self, fallback: SessionId, out: frozenset[SessionId]) -> None:
        """Hand over in batches: a transaction blocks all other writers."""
        known = frozenset(self._sessions.ids)
        # Twice if several are out: a row that one of them keeps may stand before a row of another.
        for session_id in sorted(out) * min(len(out), 2):
            after: int | None = 0
            while after is not None:
                at = self._clock.now()
                batch = partial(_batch, session_id=session_id, known=known, out=out, fallback=fallback)
                moved, after = await self._store.transact(partial(batch, at=at, after=after))
                self._bus.publish(*(NotificationChanged(row) for row in moved))
                if moved:
                    self._wake()


def _removed(rows: Rows, known: frozenset[SessionId]) -> frozenset[SessionId]:
    """Return the sessions with pending messages that the shop has no more."""
    counts = rows.notifications.counts()
    return frozenset(each for each in counts.keys() - known if counts[each].get(State.PENDING))


def _batch(
    rows: Rows,
    *,
    session_id: SessionId,
    known: frozenset[SessionId],
    out: frozenset[SessionId],
    fallback: SessionId,
    at: datetime,
    after: int,
) -> tuple[list[Notification], int | None]:
    """Change some rows of a number that is out or not `known`; return the start of the next batch, None at the end."""
    reassigned = [
        _reassigned(rows, row, fallback) for row in rows.notifications.never_left(session_id, _BATCH)
    ]
    if len(reassigned) == _BATCH:
        return reassigned, after
    left = rows.notifications.left_before(session_id, _BATCH, after)
    stuck = [_doubted(rows, row, at) for row in left if session_id not in known or _is_stuck(rows, row, out)]
    return [*reassigned, *stuck], left[-1].seq if len(left) == _BATCH else None


def _is_stuck(rows: Rows, row: Notification, out: frozenset[SessionId]) -> bool:
    """Whether a later message to the same customer, sendable by another number, waits behind it."""
    return any(
        other.state is State.PENDING and other.seq > row.seq and other.session_id not in out
        for other in rows.notifications.unfinished_of([row.phone])
    )


def _doubted(rows: Rows, row: Notification, at: datetime) -> Notification:
    """Put in doubt a row that may have left and cannot be repeated; evidence or a person ends it."""
    doubted = replace(row.transitioned(State.IN_DOUBT, at, reason=NUMBER_OUT), doubted_at=at, given_up_at=at)
    rows.notifications.save(doubted)
    return doubted


def _reassigned(rows: Rows, row: Notification, fallback: SessionId) -> Notification:
    """Reassign the row; for the new sender the customer is a first contact, despite the old sender's messages."""
    reassigned = replace(row, session_id=fallback)
    rows.notifications.save(reassigned)
    contact = rows.contacts.get(row.phone)
    if contact is None or contact.session_id != fallback:
        rows.contacts.save(row.phone, Contact(fallback))
    return reassigned

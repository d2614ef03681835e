"""Disappearing-messages timers of customers' chats: recorded from WhatsApp, looked up for each text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from app.domain.identifiers import SessionId
from app.domain.lid import Address
from app.ports.chat_timers import ChatTimer
from app.ports.store import Rows, Store

# The history of a phone names thousands: other writers get their turn in between.
_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class ChatTimers:
    """Timers of the shop's chats; a chat is one customer's with one of the shop's numbers."""

    store: Store

    async def record(self, session_id: SessionId, timers: Sequence[ChatTimer]) -> None:
        """Record the timers, on disk when this returns; idempotent, and an older one changes nothing."""
        for start in range(0, len(timers), _AT_ONCE):
            part = timers[start : start + _AT_ONCE]
            await self.store.transact(partial(_record, session_id=session_id, timers=part))

    async def seconds_of(self, session_id: SessionId, address: Address) -> int:
        """Return the time after which a text to this address has to disappear; 0 for never."""
        return await self.store.read(lambda rows: rows.chat_timers.seconds_of(session_id, address))


def _record(rows: Rows, *, session_id: SessionId, timers: Sequence[ChatTimer]) -> None:
    for timer in timers:
        # The chat is with the account: a number may have moved on.
        if address := timer.lid or timer.phone:
            rows.chat_timers.record(session_id, address, timer.seconds, timer.at)

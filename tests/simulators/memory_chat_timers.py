"""Chat timers in the store in memory."""

from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.identifiers import IdentityId, SessionId
from app.domain.lid import Address
from tests.simulators.memory_identities import MemoryIdentityRows

if TYPE_CHECKING:
    from tests.simulators.memory_tables import Tables

ChatKey = tuple[IdentityId, SessionId]
Timer = tuple[datetime, int]


class MemoryChatTimerRows:
    def __init__(self, tables: "Tables", identities: MemoryIdentityRows) -> None:
        self._rows, self._identities = tables.chat_timers, identities

    def record(self, session_id: SessionId, customer: Address, seconds: int, at: datetime) -> None:
        chat = (self._identities.of(customer), session_id)
        known = self._rows.get(chat)
        if known is None or at >= known[0]:
            self._rows[chat] = (at, seconds)

    def seconds_of(self, session_id: SessionId, customer: Address) -> int:
        known = self._rows.get((self._identities.of(customer), session_id))
        return known[1] if known else 0

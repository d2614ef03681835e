"""Rows of chat timers, found under every alias of their customer."""

from datetime import datetime

from app.adapters.sqlite.chat_timer_table import ChatTimerTable
from app.adapters.sqlite.identity_rows import SqlIdentityRows
from app.domain.identifiers import SessionId
from app.domain.lid import Address


class SqlChatTimerRows:
    """Chat timers in SQL; an address that was never seen has an identity too, which a later message keeps."""

    def __init__(self, timers: ChatTimerTable, identities: SqlIdentityRows) -> None:
        self._timers, self._identities = timers, identities

    def record(self, session_id: SessionId, customer: Address, seconds: int, at: datetime) -> None:
        self._timers.record(self._identities.of(customer), session_id, seconds, at)

    def seconds_of(self, session_id: SessionId, customer: Address) -> int:
        return self._timers.newest_of(self._identities.all_of(customer), session_id)

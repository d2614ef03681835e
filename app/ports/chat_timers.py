"""Rows of chat timers, within one transaction."""

from datetime import datetime
from typing import Protocol

from app.domain.identifiers import SessionId
from app.domain.lid import Address


class ChatTimerRows(Protocol):
    """Disappearing-messages timers: one for each customer and session, found under every alias."""

    def record(self, session_id: SessionId, customer: Address, seconds: int, at: datetime) -> None:
        """Insert or replace the timer, unless the stored one is of a later moment."""
        ...

    def seconds_of(self, session_id: SessionId, customer: Address) -> int:
        """Return the newest timer; 0 without one."""
        ...

"""Disappearing-messages timers of chats, and their rows within one transaction."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.domain.identifiers import SessionId
from app.domain.lid import Address, Lid
from app.domain.phone import Phone


@dataclass(frozen=True, slots=True)
class ChatTimer:
    """Disappearing-messages timer of the chat with a customer, as it was at `at`, by WhatsApp's clock.

    A message of ours without it shows "não desaparecerá" in that chat.
    """

    phone: Phone | None = field(repr=False)
    lid: Lid | None = field(repr=False)
    seconds: int
    """Time after which its messages disappear; 0 for never."""
    at: datetime


class ChatTimerRows(Protocol):
    """Disappearing-messages timers: one for each customer and session, found under every alias."""

    def record(self, session_id: SessionId, customer: Address, seconds: int, at: datetime) -> None:
        """Insert or replace the timer, unless the stored one is of a later moment."""
        ...

    def seconds_of(self, session_id: SessionId, customer: Address) -> int:
        """Return the newest timer; 0 without one."""
        ...

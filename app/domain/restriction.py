"""Limits that WhatsApp sets on new conversations with customers not known to the number."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RestrictionKind(StrEnum):
    """Kind of limit; either holds first contacts alone, so known customers still receive messages."""

    TIME_LOCK = "time_lock"
    NEW_CHAT_CAP = "new_chat_cap"


@dataclass(frozen=True, slots=True)
class Restriction:
    """Limit of one kind; `until` ends the lock, or the cycle that counts new chats; None if WhatsApp did not say."""

    kind: RestrictionKind
    active: bool
    until: datetime | None = None
    used: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class NewChats:
    """New conversations counted by WhatsApp, of those that it grants until then."""

    used: int
    total: int
    until: datetime | None = None

"""What WhatsApp says about how far a number may begin conversations with those who never wrote to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RestrictionKind(StrEnum):
    """Either holds first contacts alone: who has written, or was told before, is told on."""

    TIME_LOCK = "time_lock"
    NEW_CHAT_CAP = "new_chat_cap"


@dataclass(frozen=True, slots=True)
class Restriction:
    """`until` ends the lock, or the cycle for which new chats are counted; None is what WhatsApp did not say."""

    kind: RestrictionKind
    active: bool
    until: datetime | None = None
    used: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class NewChats:
    """How many conversations WhatsApp has counted of those that it grants until then."""

    used: int
    total: int
    until: datetime | None = None

"""Text of a number's rate limits, the same for the window and other programs.

The limits are its own and WhatsApp's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.rate_limit import HoldReason, RateLimitStatus
from app.services.text.message_catalog import MessageCatalog

# Low from a quarter of the allowance down.
_LOW: Final = 4
_OF_STRANGERS: Final = frozenset({HoldReason.COOL_DOWN, HoldReason.COLD_LOCK, HoldReason.NEW_CHAT_CAP})


class UsageLevel(StrEnum):
    """Remaining share of an allowance; `held`: some is left, but another limit holds it."""

    FREE = "free"
    PLENTY = "plenty"
    LOW = "low"
    EMPTY = "empty"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class LimitReading:
    """One allowance of a number; `total` is None without a limit."""

    name: str
    used: int
    total: int | None
    fuel: UsageLevel
    figures: str
    word: str
    note: str = ""

    @property
    def share_left(self) -> float:
        """Share left, from 0, used up, to 1."""
        return max(self.total - self.used, 0) / self.total if self.total else 1.0


class RateLimitText:
    """Rate limit sentences; `say_moment` is this front end's format of a moment."""

    def __init__(self, sentences: MessageCatalog, say_moment: Callable[[datetime], str]) -> None:
        self._sentences, self._say_moment = sentences, say_moment

    def limits(self, status: RateLimitStatus, *, paused: bool) -> list[str]:
        """Return the holds on messages of this number, each with its end; a pause by hand has no end."""
        held = [self._say(hold.reason, until=self._say_moment(hold.until)) for hold in status.holds]
        return [self._say("paused"), *held] if paused else held

    def readings(self, status: RateLimitStatus) -> list[LimitReading]:
        """Return first contacts, then the minute, then WhatsApp's own count."""
        read = [self._new_customers(status), self._minute(status)] if status.per_minute else []
        return [*read, *self._new_chats(status)]

    def _new_customers(self, status: RateLimitStatus) -> LimitReading:
        total, held = status.cold_cap, any(hold.reason in _OF_STRANGERS for hold in status.holds)
        if total is None:
            return self._reading("new_customers", status.cold_today, None, self._say("warmed_up"), held=held)
        note = self._say("warm_up", day=status.warm_up_day or 1, total=total)
        return self._reading("new_customers", status.cold_today, total, note, held=held)

    def _minute(self, status: RateLimitStatus) -> LimitReading:
        held = status.held_until(HoldReason.COOL_DOWN) is not None
        return self._reading(
            "minute", status.last_minute, status.per_minute, self._say("one_by_one"), held=held
        )

    def _new_chats(self, status: RateLimitStatus) -> list[LimitReading]:
        chats = status.new_chats
        if chats is None or not chats.total:
            return []
        note = self._say("cycle", until=self._say_moment(chats.until)) if chats.until else ""
        return [self._reading("new_chats", chats.used, chats.total, note)]

    def _reading(
        self, name: str, used: int, total: int | None, note: str, *, held: bool = False
    ) -> LimitReading:
        fuel = (
            UsageLevel.HELD if held and _level(used, total) is not UsageLevel.EMPTY else _level(used, total)
        )
        figures = str(used) if total is None else self._say("left", left=max(total - used, 0), total=total)
        return LimitReading(self._say(name), used, total, fuel, figures, self._say(fuel), note)

    def _say(self, name: str, **facts: str | int | float) -> str:
        return self._sentences.say("limits", name, **facts)


def _level(used: int, total: int | None) -> UsageLevel:
    if total is None:
        return UsageLevel.FREE
    left = total - used
    if left <= 0:
        return UsageLevel.EMPTY
    return UsageLevel.LOW if left * _LOW <= total else UsageLevel.PLENTY

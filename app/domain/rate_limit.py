"""Rate limit of a sender: minimum gap, customer's hourly cap, daily cap on first contacts (X2).

Moments are durations on one monotonic clock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.identifiers import IdentityId, SessionId
from app.domain.restriction import NewChats

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
LONGEST_COOL_DOWN: Final = timedelta(minutes=30)
# First contacts pause from then on: each further refusal makes WhatsApp's own restriction worse.
MOST_REFUSALS: Final = 3
DEFAULT_LOCK: Final = DAY


@dataclass(frozen=True, slots=True)
class RateLimitPolicy:
    """Limits of the shop; `per_minute` 0 switches them off, but not those of WhatsApp."""

    per_minute: int = 20
    per_customer_hour: int = 10
    warm_up: tuple[int, ...] = (30, 60, 120, 250)

    @property
    def on(self) -> bool:
        return self.per_minute > 0

    def gap(self, chance: float) -> timedelta:
        """Return the gap between two sends, with jitter.

        It is never shorter than the limit allows, and up to half as long again by `chance` in [0, 1).
        """
        if not self.on:
            return timedelta(0)
        return timedelta(minutes=1) / self.per_minute * (1 + chance / 2)

    def cold_cap(self, age: timedelta) -> int | None:
        """Return the cap on first contacts within 24 hours for a number used for `age`; None after the warm-up."""
        day = max(age, timedelta(0)) // DAY
        return self.warm_up[day] if self.on and day < len(self.warm_up) else None


NO_RATE_LIMIT: Final = RateLimitPolicy(per_minute=0)


def cool_down(times: int) -> timedelta:
    """Return the backoff after the `times`-th "too many requests" in a row: 1, 2, 4 … 30 minutes."""
    return min(timedelta(minutes=1) * (1 << min(times - 1, 8)), LONGEST_COOL_DOWN)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Filter of due rows that may start now: one session, with or without strangers, no customers at their cap."""

    session_id: SessionId
    cold: bool = True
    capped_customers: frozenset[IdentityId] = frozenset()

    def admits(self, customer: IdentityId | None, *, cold: bool) -> bool:
        return customer not in self.capped_customers and (self.cold or not cold)


class HoldReason(StrEnum):
    """Reason why a due message waits although WhatsApp is connected."""

    COOL_DOWN = "cool_down"
    COLD_LOCK = "cold_lock"
    NEW_CHAT_CAP = "new_chat_cap"
    COLD_CAP = "cold_cap"
    CUSTOMER_HOUR = "customer_hour"
    SPACING = "spacing"


@dataclass(frozen=True, slots=True)
class Hold:
    """Hold of a message; `in_time` is False if it would be stale by then and be withheld from its customer (A3)."""

    reason: HoldReason
    until: datetime
    in_time: bool = True


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """Snapshot of a number's rate limit, its own and WhatsApp's, for display."""

    session_id: SessionId
    next_free_at: datetime | None = None
    """None if the next message may go at once."""
    cold_today: int = 0
    """First contacts within the last 24 hours."""
    cold_cap: int | None = None
    warm_up_day: int | None = None
    """From 1 on; None, like the cap, after the warm-up or without the shop's own limits."""
    last_minute: int = 0
    per_minute: int = 0
    """0 without the shop's own limits."""
    new_chats: NewChats | None = None
    holds: tuple[Hold, ...] = ()
    """Holds on all messages of this number, or on all first contacts; those on all messages come first."""

    def held_until(self, reason: HoldReason) -> datetime | None:
        return next((hold.until for hold in self.holds if hold.reason is reason), None)

"""How fast a number may speak and to how many strangers a day; moments here are lengths on one steady line (X2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.identifiers import SessionId
from app.domain.phone import Phone
from app.domain.restriction import NewChats

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
LONGEST_COOL_DOWN: Final = timedelta(minutes=30)
# From then on first contacts pause: each further refusal makes WhatsApp's own restriction worse.
MOST_REFUSALS: Final = 3
DEFAULT_LOCK: Final = DAY


@dataclass(frozen=True, slots=True)
class RateLimitPolicy:
    """`per_minute` 0 switches our own pace off; what WhatsApp itself demands holds all the same."""

    per_minute: int = 20
    per_customer_hour: int = 10
    warm_up: tuple[int, ...] = (30, 60, 120, 250)

    @property
    def on(self) -> bool:
        return self.per_minute > 0

    def gap(self, chance: float) -> timedelta:
        """Between two sends: never shorter than the limit allows, up to half as long again by `chance` in [0, 1)."""
        if not self.on:
            return timedelta(0)
        return timedelta(minutes=1) / self.per_minute * (1 + chance / 2)

    def cold_cap(self, age: timedelta) -> int | None:
        """First contacts within 24 hours for a number in use for `age`; None when there is no limit any more."""
        day = max(age, timedelta(0)) // DAY
        return self.warm_up[day] if self.on and day < len(self.warm_up) else None


NO_RATE_LIMIT: Final = RateLimitPolicy(per_minute=0)


def cool_down(times: int) -> timedelta:
    """After the `times`-th "too many requests" in a row: 1, 2, 4 … 30 minutes."""
    return min(timedelta(minutes=1) * (1 << min(times - 1, 8)), LONGEST_COOL_DOWN)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Which due rows may go now: those of one session, its strangers or not, without customers told enough."""

    session_id: SessionId
    cold: bool = True
    capped_customers: frozenset[Phone] = frozenset()

    def admits(self, phone: Phone, *, cold: bool) -> bool:
        return phone not in self.capped_customers and (self.cold or not cold)


class HoldReason(StrEnum):
    """Why a message that is due waits, although WhatsApp is connected."""

    COOL_DOWN = "cool_down"
    COLD_LOCK = "cold_lock"
    NEW_CHAT_CAP = "new_chat_cap"
    COLD_CAP = "cold_cap"
    CUSTOMER_HOUR = "customer_hour"
    SPACING = "spacing"


@dataclass(frozen=True, slots=True)
class Hold:
    """`in_time` is False where the message would be old news by then and is kept from its customer (A3)."""

    reason: HoldReason
    until: datetime
    in_time: bool = True


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """How a number stands with WhatsApp and with its own pace, for whoever looks at it."""

    session_id: SessionId
    next_free_at: datetime | None = None
    """None where the next message may go at once."""
    cold_today: int = 0
    """First contacts within the last 24 hours."""
    cold_cap: int | None = None
    warm_up_day: int | None = None
    """From 1 on; None, like the cap, once the number is free, or where it keeps no pace of its own."""
    last_minute: int = 0
    per_minute: int = 0
    """0 where the number keeps no pace of its own."""
    new_chats: NewChats | None = None
    holds: tuple[Hold, ...] = ()
    """What holds this number's messages, whoever they are for, or all those to strangers; everybody's first."""

    def held_until(self, reason: HoldReason) -> datetime | None:
        return next((hold.until for hold in self.holds if hold.reason is reason), None)

"""Rate limiter of one session: minimum gap, customer's hourly cap, first-contact cap, WhatsApp's limits."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from app.domain.attempt import Accepted, AttemptEnd, InDoubt, Rejected, RejectionKind
from app.domain.identifiers import IdentityId, SessionId
from app.domain.rate_limit import (
    DAY,
    HOUR,
    MINUTE,
    Eligibility,
    Hold,
    HoldReason,
    RateLimitPolicy,
    RateLimitStatus,
)
from app.domain.restriction import Restriction
from app.ports.entropy import Entropy
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.rate_limits.provider_limits import ProviderLimits
from app.services.rate_limits.provider_limits_record import ProviderLimitsSnapshot
from app.services.rate_limits.send_history import SendAges, restore_history

_NOTHING: Final = timedelta(0)


class RateLimiter:
    """Sliding windows and holds of one sender.

    Moments are durations on the schedule's monotonic clocks, so that setting the PC's clock does not shift them.
    """

    def __init__(
        self,
        session_id: SessionId,
        policy: Callable[[], RateLimitPolicy],
        schedule: ScheduleAdjuster,
        entropy: Entropy,
    ) -> None:
        self.session_id = session_id
        self._policy, self._schedule, self._entropy = policy, schedule, entropy
        self._provider = ProviderLimits(schedule)
        self._next_free, self._first_contacts = schedule.waking(), 0
        self._history = restore_history(SendAges(), self._next_free, schedule.elapsed())

    @property
    def on(self) -> bool:
        """Whether the shop's own limits apply; WhatsApp's always do."""
        return self._policy().on

    def resume(self, ages: SendAges, limits: ProviderLimitsSnapshot) -> None:
        """Restore the windows and WhatsApp's limits from the database."""
        waking = self._schedule.waking()
        self._history = restore_history(ages, waking, self._schedule.elapsed())
        if ages.last is not None:
            self._next_free = waking - ages.last + self._policy().gap(self._entropy.fraction())
        self._provider.resume(limits)

    def shorten_gap(self) -> None:
        """Wait no longer for the next message than the limit asks that is in force now."""
        longest = self._schedule.waking() + self._policy().gap(self._entropy.fraction())
        self._next_free = min(self._next_free, longest)

    async def follow_clock(self) -> None:
        """Follow a set PC clock before each turn, so that waiting rows keep their gap."""
        await self._schedule.follow_clock()

    def room(self, batch_size: int) -> int:
        """Return how many messages may start now.

        Under the shop's own limits one at a time, so that the most urgent row is chosen each time.
        """
        if max(self._next_free - self._schedule.waking(), self._provider.cool_left) > _NOTHING:
            return 0
        return 1 if self.on else batch_size

    def eligible(self) -> Eligibility:
        self._history.forget(self._schedule.waking(), self._schedule.elapsed())
        capped = frozenset(self._capped_customers()) if self.on else frozenset()
        cold = not (self._provider.bars_strangers or self._capped or self._first_contacts)
        return Eligibility(self.session_id, cold=cold, capped_customers=capped)

    def record_start(self, *, cold: bool = False) -> None:
        """Start the gap before the next message; a further first contact waits for the end of this one."""
        self._next_free = self._schedule.waking() + self._policy().gap(self._entropy.fraction())
        self._first_contacts += cold

    def record_end(
        self, customer: IdentityId | None, end: AttemptEnd, *, cold: bool
    ) -> ProviderLimitsSnapshot | None:
        """Count the attempt; return the snapshot to save where WhatsApp's limits changed."""
        self._first_contacts -= cold and self._first_contacts > 0
        match end:
            case Accepted():
                self._count(customer, cold=cold)
                return self._provider.record_acceptance() if cold else None
            case InDoubt():
                self._count(customer, cold=cold)
            case Rejected(kind=RejectionKind.RATE_LIMITED):
                return self._provider.record_rate_limited()
            case Rejected(kind=RejectionKind.RESTRICTED):
                return self._provider.record_refusal()
        return None

    def apply_restriction(self, restriction: Restriction) -> ProviderLimitsSnapshot:
        """Apply WhatsApp's limit on first contacts; return the snapshot to save."""
        return self._provider.apply_restriction(restriction)

    def next_change(self) -> timedelta | None:
        """Return the time until the next hold ends; None without a hold."""
        return min((left for left in self._waits() if left > _NOTHING), default=None)

    def next_status_change(self) -> timedelta | None:
        """Return the time until the status changes by time alone; None where only an event can change it."""
        waking, elapsed = self._schedule.waking(), self._schedule.elapsed()
        reads = [self.next_change() or _NOTHING]
        if self.on and self._history.minute:
            reads.append(self._history.minute[0] + MINUTE - waking)
        if self._cap is not None and self._history.strangers:
            reads.append(self._history.strangers[0] + DAY - elapsed)
        if self._cap is not None and self._history.began is not None:
            reads.append(DAY - (elapsed - self._history.began) % DAY)
        if (chats := self._provider.new_chats) and chats.until:
            reads.append(chats.until - self._schedule.at(_NOTHING))
        return min((left for left in reads if left > _NOTHING), default=None)

    def hold_of(self, customer: IdentityId | None, *, cold: bool) -> Hold | None:
        """Return the hold that delays a due message to this customer longest."""
        ours = [
            (HoldReason.COLD_CAP, self._cap_wait() if cold else _NOTHING),
            (
                HoldReason.CUSTOMER_HOUR,
                self._capped_customers().get(customer, _NOTHING) if self.on and customer else _NOTHING,
            ),
            (HoldReason.SPACING, self._next_free - self._schedule.waking()),
        ]
        theirs = [hold for hold in self._provider.holds() if cold or hold.reason is HoldReason.COOL_DOWN]
        holds = [
            *theirs,
            *(Hold(reason, self._schedule.at(wait)) for reason, wait in ours if wait > _NOTHING),
        ]
        return max(holds, key=lambda hold: hold.until, default=None)

    def status(self) -> RateLimitStatus:
        self._history.forget(self._schedule.waking(), self._schedule.elapsed())
        holds, cap_wait = self._provider.holds(), self._cap_wait()
        if cap_wait > _NOTHING:
            holds.append(Hold(HoldReason.COLD_CAP, self._schedule.at(cap_wait)))
        wait = max(self._next_free - self._schedule.waking(), self._provider.cool_left)
        return RateLimitStatus(
            session_id=self.session_id,
            next_free_at=self._schedule.at(wait) if wait > _NOTHING else None,
            cold_today=len(self._history.strangers),
            cold_cap=self._cap,
            warm_up_day=None if self._cap is None else self._age // DAY + 1,
            last_minute=len(self._history.minute),
            per_minute=self._policy().per_minute,
            new_chats=self._provider.new_chats,
            holds=tuple(holds),
        )

    @property
    def _age(self) -> timedelta:
        """Time since the number's first message here."""
        began = self._history.began
        return _NOTHING if began is None else max(self._schedule.elapsed() - began, _NOTHING)

    @property
    def _cap(self) -> int | None:
        return self._policy().cold_cap(self._age)

    @property
    def _capped(self) -> bool:
        return self._cap is not None and len(self._history.strangers) >= self._cap

    def _cap_wait(self) -> timedelta:
        """Return the wait until the first-contact cap has room again.

        Room comes when enough of today's first contacts are a day old, or when the warm-up's next day begins.
        """
        cap = self._cap
        if cap is None or self._history.began is None or not self._capped:
            return _NOTHING
        elapsed = self._schedule.elapsed()
        grows = DAY - (elapsed - self._history.began) % DAY
        return min(self._history.strangers[-cap] + DAY - elapsed, grows)

    def _capped_customers(self) -> dict[IdentityId, timedelta]:
        """Customers at their hourly cap, with the time until they may receive again."""
        most, waking = self._policy().per_customer_hour, self._schedule.waking()
        sends = self._history.customers.items()
        return {
            customer: moments[-most] + HOUR - waking
            for customer, moments in sends
            if customer and len(moments) >= most
        }

    def _waits(self) -> Iterator[timedelta]:
        waking = self._schedule.waking()
        yield from (self._next_free - waking, self._provider.cool_left)
        yield from (self._provider.lock_left, self._provider.cap_left)
        if self.on:
            yield self._cap_wait()
            yield from self._capped_customers().values()

    def _count(self, customer: IdentityId | None, *, cold: bool) -> None:
        self._history.record(
            customer, cold=cold, waking=self._schedule.waking(), elapsed=self._schedule.elapsed()
        )

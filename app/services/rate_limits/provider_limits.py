"""Limits that WhatsApp imposes on one session: cool-down, time lock and cap on new chats."""

from datetime import datetime, timedelta
from typing import Final

from app.domain.rate_limit import DEFAULT_LOCK, LONGEST_COOL_DOWN, MOST_REFUSALS, Hold, HoldReason, cool_down
from app.domain.restriction import NewChats, Restriction, RestrictionKind
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.rate_limits.provider_limits_record import ProviderLimitsSnapshot

_NOTHING: Final = timedelta(0)


class ProviderLimits:
    """Cool-down after "too many requests", time lock and cap on new chats, each apart.

    The end of a time lock or of a cap, as WhatsApp reports it, leaves the other one unchanged. Moments are durations on
    the schedule's monotonic clocks, so that setting the PC's clock does not shift them.
    """

    def __init__(self, schedule: ScheduleAdjuster) -> None:
        self._schedule = schedule
        self._cool_until = schedule.waking()
        self._lock_until = self._cap_until = self._cycle_until = schedule.elapsed()
        self._cooled = self._refused = 0
        self._told = self._by_word = False
        """Whether the lock comes from WhatsApp itself, and whether its end does too."""
        self._granted: tuple[int, int, bool] | None = None
        """New chats begun and granted, and whether the end of their cycle is known."""

    def resume(self, kept: ProviderLimitsSnapshot) -> None:
        """Restore the limits that an earlier run saved."""
        waking, elapsed, now = self._schedule.waking(), self._schedule.elapsed(), self._schedule.at(_NOTHING)
        self._cooled, self._cool_until = kept.cooled, waking + kept.cool_left(now)
        self._refused, self._told = kept.refused, kept.told
        self._lock_until = elapsed + kept.lock_left(now)
        self._by_word = kept.by_word or kept.told
        self._cap_until = elapsed + kept.cap_left(now)
        chats = kept.new_chats
        self._cycle_until = elapsed + (chats.until - now if chats and chats.until else _NOTHING)
        self._granted = (chats.used, chats.total, chats.until is not None) if chats else None

    @property
    def cool_left(self) -> timedelta:
        return self._cool_until - self._schedule.waking()

    @property
    def lock_left(self) -> timedelta:
        return self._lock_until - self._schedule.elapsed()

    @property
    def cap_left(self) -> timedelta:
        return self._cap_until - self._schedule.elapsed()

    @property
    def bars_strangers(self) -> bool:
        return max(self.lock_left, self.cap_left) > _NOTHING

    @property
    def new_chats(self) -> NewChats | None:
        """New chats as WhatsApp last counted them; None once their cycle is over."""
        if self._granted is None:
            return None
        used, total, ends = self._granted
        left = self._cycle_until - self._schedule.elapsed()
        if ends and left <= _NOTHING:
            return None
        return NewChats(used, total, self._schedule.at(left) if ends else None)

    def holds(self) -> list[Hold]:
        """Return the holds in force now, that of all messages before those of first contacts."""
        each = [
            (HoldReason.COOL_DOWN, self.cool_left),
            (HoldReason.COLD_LOCK, self.lock_left),
            (HoldReason.NEW_CHAT_CAP, self.cap_left),
        ]
        return [Hold(reason, self._schedule.at(left)) for reason, left in each if left > _NOTHING]

    def apply_restriction(self, restriction: Restriction) -> ProviderLimitsSnapshot:
        """Apply WhatsApp's limit on first contacts; return the snapshot to save."""
        if restriction.kind is RestrictionKind.TIME_LOCK:
            self._locked(restriction)
        else:
            self._capped(restriction)
        return self.snapshot()

    def record_rate_limited(self) -> ProviderLimitsSnapshot | None:
        """Start a cool-down with exponential backoff; return the snapshot to save.

        The count begins anew after a rest longer than the longest cool-down. A refusal during a cool-down returns None:
        its message was in flight when the cool-down began.
        """
        waking = self._schedule.waking()
        if self._cool_until > waking:
            return None
        self._cooled = 1 if waking - self._cool_until > LONGEST_COOL_DOWN else self._cooled + 1
        self._cool_until = waking + cool_down(self._cooled)
        return self.snapshot()

    def record_refusal(self) -> ProviderLimitsSnapshot:
        self._refused += 1
        if self._refused >= MOST_REFUSALS and self.lock_left <= _NOTHING:
            self._refused, self._told, self._by_word = 0, False, False
            self._lock_until = self._schedule.elapsed() + DEFAULT_LOCK
        return self.snapshot()

    def record_acceptance(self) -> ProviderLimitsSnapshot | None:
        """Reset the refusals after an accepted first contact; None if that changes no limit."""
        if not self._refused:
            return None
        self._refused = 0
        return self.snapshot()

    def snapshot(self) -> ProviderLimitsSnapshot:
        lock, cap = self.lock_left, self.cap_left
        return ProviderLimitsSnapshot(
            cooled=self._cooled,
            cool_until=self._schedule.at(self.cool_left),
            refused=self._refused,
            locked_until=self._moment(lock),
            told=self._told,
            by_word=self._by_word,
            capped_until=self._moment(cap),
            new_chats=self.new_chats,
        )

    def _locked(self, restriction: Restriction) -> None:
        """Apply a time lock; an end that has passed lifts only a lock that came from WhatsApp itself.

        WhatsApp is asked after each refusal: that it knows of no restriction undoes no refusal.
        """
        left = self._left(restriction)
        if left <= _NOTHING and not (self._by_word and self.lock_left > _NOTHING):
            return
        self._by_word = left > _NOTHING
        self._told = restriction.until is not None
        self._lock_until = self._schedule.elapsed() + max(left, _NOTHING)
        self._refused = 0

    def _capped(self, restriction: Restriction) -> None:
        elapsed, until = self._schedule.elapsed(), restriction.until
        self._cap_until = elapsed + max(self._left(restriction), _NOTHING)
        used, total = restriction.used, restriction.total
        self._granted = None if used is None or total is None else (used, total, until is not None)
        self._cycle_until = elapsed + (until - self._schedule.at(_NOTHING) if until else _NOTHING)

    def _left(self, restriction: Restriction) -> timedelta:
        if not restriction.active:
            return _NOTHING
        return DEFAULT_LOCK if restriction.until is None else restriction.until - self._schedule.at(_NOTHING)

    def _moment(self, wait: timedelta) -> datetime | None:
        return self._schedule.at(wait) if wait > _NOTHING else None

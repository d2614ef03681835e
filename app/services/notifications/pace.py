"""Keeps one session to its pace and to what WhatsApp demands of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from app.domain.attempt import Accepted, AttemptEnd, InDoubt, Rejected, RejectionKind
from app.domain.identifiers import SessionId
from app.domain.notification import Notification
from app.domain.pacing import (
    DAY,
    HOUR,
    LONGEST_COOL_DOWN,
    MOST_REFUSALS,
    UNTOLD_LOCK,
    Eligibility,
    Hold,
    HoldReason,
    PaceGauge,
    PacePolicy,
    cool_down,
)
from app.domain.phone import Phone
from app.ports.entropy import Entropy
from app.services.notifications.restraint import Restraint
from app.services.notifications.sent_lately import Ages, remembered
from app.services.notifications.wall_watch import WallWatch

_NOTHING: Final = timedelta(0)


class Pace:
    """Moments within are lengths on the lines of the watch, so that setting the PC's clock moves none of them."""

    def __init__(self, session_id: SessionId, policy: PacePolicy, watch: WallWatch, entropy: Entropy) -> None:
        self.session_id = session_id
        self._policy, self._watch, self._entropy = policy, watch, entropy
        self._next_free = self._cool_until = self._watch.waking()
        self._lock_until = self._watch.elapsed()
        self._cooled = self._refused = self._first_words = 0
        self._told = self._by_word = False
        """Whether the lock is WhatsApp's own word, and whether that word has an end."""
        self._lately = remembered(Ages(), self._next_free, self._lock_until)

    def resume(self, ages: Ages, restraint: Restraint) -> None:
        """Take up where the program ended."""
        waking, elapsed, now = self._watch.waking(), self._watch.elapsed(), self._watch.at(_NOTHING)
        self._lately = remembered(ages, waking, elapsed)
        if ages.last is not None:
            self._next_free = waking - ages.last + self._policy.gap(self._entropy.fraction())
        self._cooled, self._cool_until = restraint.cooled, waking + restraint.cool_left(now)
        self._refused, self._told = restraint.refused, restraint.told
        self._lock_until = elapsed + restraint.lock_left(now)
        self._by_word = self._locked

    async def look(self) -> None:
        """Before each turn: what waits keeps its distance even if the PC's clock was set."""
        await self._watch.look()

    def promise(self, row: Notification, wait: timedelta) -> None:
        """The row is to be tried again after `wait`."""
        self._watch.promise(row, wait)

    def room(self, batch_size: int) -> int:
        """How many messages may be begun now; under our own pace one at a time, so that the most urgent is next."""
        if max(self._next_free, self._cool_until) > self._watch.waking():
            return 0
        return 1 if self._policy.on else batch_size

    def eligible(self) -> Eligibility:
        self._lately.forget(self._watch.waking(), self._watch.elapsed())
        resting = frozenset(self._resting()) if self._policy.on else frozenset()
        cold = not (self._locked or self._capped or self._first_words)
        return Eligibility(self.session_id, cold=cold, resting=resting)

    def begun(self, *, cold: bool = False) -> None:
        """A message is on its way: the next one keeps its distance, and the next stranger waits for its end."""
        self._next_free = self._watch.waking() + self._policy.gap(self._entropy.fraction())
        self._first_words += cold

    def ended(self, phone: Phone, end: AttemptEnd, *, cold: bool) -> Restraint | None:
        """Draw the lesson; what has to be kept, where something about it is new."""
        self._first_words -= cold and self._first_words > 0
        match end:
            case Accepted():
                self._count(phone, cold=cold)
                return self._welcomed() if cold and self._refused else None
            case InDoubt():
                self._count(phone, cold=cold)
            case Rejected(kind=RejectionKind.RATE_LIMITED):
                return self._slowed()
            case Rejected(kind=RejectionKind.RESTRICTED):
                return self._refused_once_more()
        return None

    def restricted(self, until: datetime | None) -> Restraint:
        """WhatsApp's own word on first contacts; an end that has passed lifts what it had restricted itself.

        It is asked after each refusal: that it knows of no restriction makes no refusal undone.
        """
        left = UNTOLD_LOCK if until is None else until - self._watch.at(_NOTHING)
        if left <= _NOTHING and not (self._by_word and self._locked):
            return self._restraint()
        self._by_word = left > _NOTHING
        self._told = until is not None
        self._lock_until = self._watch.elapsed() + max(left, _NOTHING)
        self._refused = 0
        return self._restraint()

    def next_change(self) -> timedelta | None:
        """How long until something that is held may go; None when nothing is held by us."""
        return min((left for left in self._waits() if left > _NOTHING), default=None)

    def hold_of(self, phone: Phone, *, cold: bool) -> Hold | None:
        """What stands longest in the way of a due message to this customer."""
        waking = self._watch.waking()
        holds = [
            (self._cool_until - waking, HoldReason.COOL_DOWN),
            (self._lock_until - self._watch.elapsed() if cold else _NOTHING, HoldReason.COLD_LOCK),
            (self._cap_wait() if cold else _NOTHING, HoldReason.COLD_CAP),
            (self._resting().get(phone, _NOTHING) if self._policy.on else _NOTHING, HoldReason.CUSTOMER_HOUR),
            (self._next_free - waking, HoldReason.SPACING),
        ]
        wait, reason = max(holds, key=lambda hold: hold[0])
        return Hold(reason, self._watch.at(wait)) if wait > _NOTHING else None

    def gauge(self) -> PaceGauge:
        self._lately.forget(self._watch.waking(), self._watch.elapsed())
        waking, elapsed = self._watch.waking(), self._watch.elapsed()
        return PaceGauge(
            session_id=self.session_id,
            next_free_at=self._shown(max(self._next_free, self._cool_until) - waking),
            cold_today=len(self._lately.strangers),
            cold_cap=self._cap,
            cool_down_until=self._shown(self._cool_until - waking),
            cold_lock_until=self._shown(self._lock_until - elapsed),
        )

    @property
    def _cap(self) -> int | None:
        began, elapsed = self._lately.began, self._watch.elapsed()
        return self._policy.cold_cap(_NOTHING if began is None else elapsed - began)

    @property
    def _capped(self) -> bool:
        return self._cap is not None and len(self._lately.strangers) >= self._cap

    @property
    def _locked(self) -> bool:
        return self._lock_until > self._watch.elapsed()

    def _cap_wait(self) -> timedelta:
        """Until enough of today's first contacts are a day old, or the number grows into its next day."""
        cap = self._cap
        if cap is None or self._lately.began is None or not self._capped:
            return _NOTHING
        elapsed = self._watch.elapsed()
        grows = DAY - (elapsed - self._lately.began) % DAY
        return min(self._lately.strangers[-cap] + DAY - elapsed, grows)

    def _resting(self) -> dict[Phone, timedelta]:
        """Customers who were told enough within the hour, with how long they rest."""
        most, waking = self._policy.per_customer_hour, self._watch.waking()
        told = self._lately.customers.items()
        return {phone: moments[-most] + HOUR - waking for phone, moments in told if len(moments) >= most}

    def _waits(self) -> Iterator[timedelta]:
        waking = self._watch.waking()
        yield from (self._next_free - waking, self._cool_until - waking)
        yield self._lock_until - self._watch.elapsed()
        if self._policy.on:
            yield self._cap_wait()
            yield from self._resting().values()

    def _count(self, phone: Phone, *, cold: bool) -> None:
        self._lately.told(phone, cold=cold, waking=self._watch.waking(), elapsed=self._watch.elapsed())

    def _slowed(self) -> Restraint | None:
        """A cool-down that was long enough counts no more; what was on its way when it began teaches nothing new."""
        waking = self._watch.waking()
        if self._cool_until > waking:
            return None
        self._cooled = 1 if waking - self._cool_until > LONGEST_COOL_DOWN else self._cooled + 1
        self._cool_until = waking + cool_down(self._cooled)
        return self._restraint()

    def _refused_once_more(self) -> Restraint:
        self._refused += 1
        if self._refused >= MOST_REFUSALS and not self._locked:
            self._refused, self._told, self._by_word = 0, False, False
            self._lock_until = self._watch.elapsed() + UNTOLD_LOCK
        return self._restraint()

    def _welcomed(self) -> Restraint:
        self._refused = 0
        return self._restraint()

    def _restraint(self) -> Restraint:
        return Restraint(
            cooled=self._cooled,
            cool_until=self._watch.at(self._cool_until - self._watch.waking()),
            refused=self._refused,
            locked_until=self._shown(self._lock_until - self._watch.elapsed()),
            told=self._told,
        )

    def _shown(self, wait: timedelta) -> datetime | None:
        return self._watch.at(wait) if wait > _NOTHING else None

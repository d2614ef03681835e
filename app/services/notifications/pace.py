"""Keeps one session to its pace and to what WhatsApp demands of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from app.domain.attempt import Accepted, AttemptEnd, InDoubt, Rejected, RejectionKind
from app.domain.identifiers import SessionId
from app.domain.pacing import DAY, HOUR, MINUTE, Eligibility, Hold, HoldReason, PaceGauge, PacePolicy
from app.domain.phone import Phone
from app.domain.restriction import Restriction
from app.ports.entropy import Entropy
from app.services.notifications.demands import Demands
from app.services.notifications.restraint import Restraint
from app.services.notifications.sent_lately import Ages, remembered
from app.services.notifications.wall_watch import WallWatch

_NOTHING: Final = timedelta(0)


class Pace:
    """Moments within are lengths on the lines of the watch, so that setting the PC's clock moves none of them."""

    def __init__(self, session_id: SessionId, policy: PacePolicy, watch: WallWatch, entropy: Entropy) -> None:
        self.session_id = session_id
        self._policy, self._watch, self._entropy = policy, watch, entropy
        self._demands = Demands(watch)
        self._next_free, self._first_words = watch.waking(), 0
        self._lately = remembered(Ages(), self._next_free, watch.elapsed())

    @property
    def on(self) -> bool:
        """Whether the shop's own limits hold; WhatsApp's always do."""
        return self._policy.on

    def resume(self, ages: Ages, restraint: Restraint) -> None:
        """Take up where the program ended."""
        waking = self._watch.waking()
        self._lately = remembered(ages, waking, self._watch.elapsed())
        if ages.last is not None:
            self._next_free = waking - ages.last + self._policy.gap(self._entropy.fraction())
        self._demands.resume(restraint)

    async def look(self) -> None:
        """Before each turn: what waits keeps its distance even if the PC's clock was set."""
        await self._watch.look()

    def room(self, batch_size: int) -> int:
        """How many messages may be begun now; under our own pace one at a time, so that the most urgent is next."""
        if max(self._next_free - self._watch.waking(), self._demands.cool_left) > _NOTHING:
            return 0
        return 1 if self.on else batch_size

    def eligible(self) -> Eligibility:
        self._lately.forget(self._watch.waking(), self._watch.elapsed())
        resting = frozenset(self._resting()) if self.on else frozenset()
        cold = not (self._demands.bars_strangers or self._capped or self._first_words)
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
                return self._demands.welcomed() if cold else None
            case InDoubt():
                self._count(phone, cold=cold)
            case Rejected(kind=RejectionKind.RATE_LIMITED):
                return self._demands.slowed()
            case Rejected(kind=RejectionKind.RESTRICTED):
                return self._demands.refused_once_more()
        return None

    def restricted(self, restriction: Restriction) -> Restraint:
        """WhatsApp's own word on first contacts."""
        return self._demands.restricted(restriction)

    def next_change(self) -> timedelta | None:
        """How long until something that is held may go; None when nothing is held by us."""
        return min((left for left in self._waits() if left > _NOTHING), default=None)

    def next_reading(self) -> timedelta | None:
        """How long until the gauge reads differently by itself; None where nothing but news can change it."""
        waking, elapsed = self._watch.waking(), self._watch.elapsed()
        reads = [self.next_change() or _NOTHING]
        if self.on and self._lately.minute:
            reads.append(self._lately.minute[0] + MINUTE - waking)
        if self._cap is not None and self._lately.strangers:
            reads.append(self._lately.strangers[0] + DAY - elapsed)
        if self._cap is not None and self._lately.began is not None:
            reads.append(DAY - (elapsed - self._lately.began) % DAY)
        if (chats := self._demands.new_chats) and chats.until:
            reads.append(chats.until - self._watch.at(_NOTHING))
        return min((left for left in reads if left > _NOTHING), default=None)

    def hold_of(self, phone: Phone, *, cold: bool) -> Hold | None:
        """What stands longest in the way of a due message to this customer."""
        ours = [
            (HoldReason.COLD_CAP, self._cap_wait() if cold else _NOTHING),
            (HoldReason.CUSTOMER_HOUR, self._resting().get(phone, _NOTHING) if self.on else _NOTHING),
            (HoldReason.SPACING, self._next_free - self._watch.waking()),
        ]
        theirs = [hold for hold in self._demands.holds() if cold or hold.reason is HoldReason.COOL_DOWN]
        holds = [*theirs, *(Hold(reason, self._watch.at(wait)) for reason, wait in ours if wait > _NOTHING)]
        return max(holds, key=lambda hold: hold.until, default=None)

    def gauge(self) -> PaceGauge:
        self._lately.forget(self._watch.waking(), self._watch.elapsed())
        holds, cap_wait = self._demands.holds(), self._cap_wait()
        if cap_wait > _NOTHING:
            holds.append(Hold(HoldReason.COLD_CAP, self._watch.at(cap_wait)))
        wait = max(self._next_free - self._watch.waking(), self._demands.cool_left)
        return PaceGauge(
            session_id=self.session_id,
            next_free_at=self._watch.at(wait) if wait > _NOTHING else None,
            cold_today=len(self._lately.strangers),
            cold_cap=self._cap,
            warm_up_day=None if self._cap is None else self._age // DAY + 1,
            last_minute=len(self._lately.minute),
            per_minute=self._policy.per_minute,
            new_chats=self._demands.new_chats,
            holds=tuple(holds),
        )

    @property
    def _age(self) -> timedelta:
        """Since the number's first message here."""
        began = self._lately.began
        return _NOTHING if began is None else max(self._watch.elapsed() - began, _NOTHING)

    @property
    def _cap(self) -> int | None:
        return self._policy.cold_cap(self._age)

    @property
    def _capped(self) -> bool:
        return self._cap is not None and len(self._lately.strangers) >= self._cap

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
        yield from (self._next_free - waking, self._demands.cool_left)
        yield from (self._demands.lock_left, self._demands.cap_left)
        if self.on:
            yield self._cap_wait()
            yield from self._resting().values()

    def _count(self, phone: Phone, *, cold: bool) -> None:
        self._lately.told(phone, cold=cold, waking=self._watch.waking(), elapsed=self._watch.elapsed())

"""Sound policy: when a sound calls, and when it calls again because no person came."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.identifiers import SessionId
from app.ports.sounds import Sound
from app.services.attention.attention_notices import LOST_FOR

UNTOLD_AGAIN: Final = timedelta(seconds=30)
REPLY_AGAIN: Final = timedelta(seconds=60)
MUTE_FOR: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """Figures of today, and the numbers without a connection; those never paired are left out."""

    untold: int = 0
    unread: int = 0
    orders: int = 0
    lost: AbstractSet[SessionId] = frozenset()


class SoundPolicy:
    """Decides by facts and monotonic time alone; all moments come from the caller."""

    def __init__(self) -> None:
        self._known: SoundFacts | None = None
        self._untold_next: timedelta | None = None
        self._reply_next: timedelta | None = None
        self._lost_since: dict[SessionId, timedelta] = {}
        self._lost_called: set[SessionId] = set()
        self._muted_until: timedelta | None = None

    def step(self, facts: SoundFacts, now: timedelta) -> list[Sound]:
        """Return the sounds due now, the gravest first; none while muted."""
        found = [
            sound
            for sound, due in (
                (Sound.UNTOLD, self._untold(facts, now)),
                (Sound.CONNECTION_LOST, self._lost(facts, now)),
                (Sound.REPLY, self._reply(facts, now)),
                (Sound.ORDER, self._known is not None and facts.orders > self._known.orders),
            )
            if due
        ]
        self._known = facts
        return [] if self.is_muted(now) else found

    def acknowledge_untold(self) -> None:
        """End the calls for the untold orders of now: a person is looking at them."""
        self._untold_next = None

    def mute(self, now: timedelta) -> None:
        self._muted_until = now + MUTE_FOR

    def unmute(self) -> None:
        self._muted_until = None

    def is_muted(self, now: timedelta) -> bool:
        return self._muted_until is not None and now < self._muted_until

    def _untold(self, facts: SoundFacts, now: timedelta) -> bool:
        """Return whether an order became untold, or its call is due again."""
        if not facts.untold:
            self._untold_next = None
            return False
        more = facts.untold > (self._known.untold if self._known else 0)
        if not more and (self._untold_next is None or now < self._untold_next):
            return False
        self._untold_next = now + UNTOLD_AGAIN
        return True

    def _reply(self, facts: SoundFacts, now: timedelta) -> bool:
        """Return whether a reply came, or one has been unread for a minute; no third time."""
        if not facts.unread:
            self._reply_next = None
            return False
        if facts.unread > (self._known.unread if self._known else 0):
            self._reply_next = now + REPLY_AGAIN
            return True
        if self._reply_next is None or now < self._reply_next:
            return False
        self._reply_next = None
        return True

    def _lost(self, facts: SoundFacts, now: timedelta) -> bool:
        """Return whether a number has been without a connection for too long, once per loss."""
        self._lost_called &= set(facts.lost)
        self._lost_since = {number: self._lost_since.get(number, now) for number in facts.lost}
        due = {number for number, since in self._lost_since.items() if now - since >= LOST_FOR}
        fresh = due - self._lost_called
        self._lost_called |= due
        return bool(fresh)

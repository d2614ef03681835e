"""Liveness of one connection: the moment of WhatsApp's last answer."""

from datetime import datetime, timedelta

from app.domain.liveness import LivenessPolicy
from app.domain.session import ConnectionState
from app.ports.clock import Clock


class LastResponse:
    """Last answer over the present connection, on the monotonic clock."""

    def __init__(self, clock: Clock, policy: LivenessPolicy) -> None:
        self._clock, self._policy = clock, policy
        self._at: timedelta | None = None

    def begin(self) -> None:
        """Count the opening of the connection as an answer."""
        self._at = self._clock.steady()

    def forget(self) -> None:
        self._at = None

    def record(self, at: timedelta) -> None:
        """Record an answer; an older one than the last is ignored."""
        if self._at is None or at > self._at:
            self._at = at

    @property
    def age(self) -> timedelta | None:
        return None if self._at is None else self._clock.steady() - self._at

    @property
    def alive_left(self) -> timedelta | None:
        """Return how long the state stays connected without another answer; None if it is not."""
        left = self._policy.alive_for - self.age if self.age is not None else None
        return left if left is not None and left >= timedelta(0) else None

    @property
    def at(self) -> datetime | None:
        """Moment of the last answer on the wall clock, for people."""
        return None if self.age is None else self._clock.now() - self.age

    @property
    def is_dead(self) -> bool:
        return self._policy.is_dead(self.age)

    def state_after(self, claimed: ConnectionState) -> ConnectionState:
        return self._policy.state_after(claimed, self.age)

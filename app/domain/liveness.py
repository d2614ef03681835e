"""Liveness of a connection: how long an answer of WhatsApp proves it, and when it counts as dead."""

from dataclasses import dataclass
from datetime import timedelta

from app.domain.session import ConnectionState


@dataclass(frozen=True, slots=True)
class LivenessPolicy:
    """Limits on the age of WhatsApp's last answer, on the monotonic clock (S4).

    An answer to any request of ours counts. Probed every 15 s, and again at once after a missing answer, a connection
    that died is no longer shown as connected after 40 s and is replaced before the minute is over; one lost answer, or
    several slow ones, have no effect.
    """

    probe_every: timedelta = timedelta(seconds=15)
    probe_timeout: timedelta = timedelta(seconds=8)
    short_probe_timeout: timedelta = timedelta(seconds=5)
    """For a connection that is suspected: the PC may have slept."""
    check_every: timedelta = timedelta(seconds=5)
    alive_for: timedelta = timedelta(seconds=40)
    dead_after: timedelta = timedelta(seconds=45)

    def state_after(self, claimed: ConnectionState, age: timedelta | None) -> ConnectionState:
        """Return the state to publish; `claimed`, by the connection's own events, is "connected" only with proof."""
        if claimed is not ConnectionState.CONNECTED:
            return claimed
        proved = age is not None and age <= self.alive_for
        return ConnectionState.CONNECTED if proved else ConnectionState.UNSTABLE

    def is_dead(self, age: timedelta | None) -> bool:
        return age is None or age >= self.dead_after

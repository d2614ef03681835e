"""How long an answer of WhatsApp proves that it is there: what the lamp may say, and when a connection is dead."""

from dataclasses import dataclass
from datetime import timedelta

from app.domain.session import ConnectionState


@dataclass(frozen=True, slots=True)
class LivenessPolicy:
    """Ages are of the last answer that WhatsApp gave to anything we asked, on a clock that nobody can set (S4).

    Asked every 15 s and again at once where no answer came, a connection that died is no longer green after 40 s and
    is replaced before the minute is over; one lost answer, or several slow ones, are nobody's business.
    """

    probe_every: timedelta = timedelta(seconds=15)
    probe_timeout: timedelta = timedelta(seconds=8)
    short_probe_timeout: timedelta = timedelta(seconds=5)
    """For a connection that is suspected: the PC may have slept."""
    check_every: timedelta = timedelta(seconds=5)
    alive_for: timedelta = timedelta(seconds=40)
    dead_after: timedelta = timedelta(seconds=45)

    def state_after(self, claimed: ConnectionState, age: timedelta | None) -> ConnectionState:
        """`claimed` is what the connection's own events say; that it is open is believed only with a proof."""
        if claimed is not ConnectionState.CONNECTED:
            return claimed
        proved = age is not None and age <= self.alive_for
        return ConnectionState.CONNECTED if proved else ConnectionState.UNSTABLE

    def is_dead(self, age: timedelta | None) -> bool:
        return age is None or age >= self.dead_after

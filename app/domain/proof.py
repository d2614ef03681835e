"""How long an answer of WhatsApp proves that it is there: what the lamp may say, and when a connection is dead."""

from dataclasses import dataclass
from datetime import timedelta

from app.domain.session import Lamp


@dataclass(frozen=True, slots=True)
class ProofPolicy:
    """Ages are of the last answer that WhatsApp gave to anything we asked, on a clock that nobody can set (S4).

    Asked every 15 s and again at once where no answer came, a connection that died is no longer green after 40 s and
    is replaced before the minute is over; one lost answer, or several slow ones, are nobody's business.
    """

    ask_every: timedelta = timedelta(seconds=15)
    patience: timedelta = timedelta(seconds=8)
    short_patience: timedelta = timedelta(seconds=5)
    """For a connection that is suspected: the PC may have slept."""
    look_every: timedelta = timedelta(seconds=5)
    green_while: timedelta = timedelta(seconds=40)
    dead_after: timedelta = timedelta(seconds=45)

    def lamp(self, claimed: Lamp, age: timedelta | None) -> Lamp:
        """`claimed` is what the connection's own events say; that it is open is believed only with a proof."""
        if claimed is not Lamp.CONNECTED:
            return claimed
        proved = age is not None and age <= self.green_while
        return Lamp.CONNECTED if proved else Lamp.UNSTABLE

    def is_dead(self, age: timedelta | None) -> bool:
        return age is None or age >= self.dead_after

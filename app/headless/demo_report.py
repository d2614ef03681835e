"""Counts, at the simulated phones and in the queue, what became of a rush of orders."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.notification import TOLD, Notification, State
from app.ports.training import PhonesTally

_STAGES = 3
_DELIVERED = frozenset({State.DELIVERED, State.READ})


@dataclass(frozen=True, slots=True)
class DemoReport:
    """`lost` and `shown_twice` come from decrypted texts and ids on the phones, not from our own books."""

    orders: int
    notifications: int
    accepted: int
    delivered: int
    read: int
    failed: int
    lost: int
    shown_twice: int
    wire_repeats: int
    seconds: float

    @property
    def good(self) -> bool:
        """Every message of every order was shown exactly once."""
        return self.lost == 0 and self.shown_twice == 0 and self.notifications == self.orders * _STAGES


def report(
    orders: int, notifications: Sequence[Notification], tally: PhonesTally, seconds: float
) -> DemoReport:
    texts_by_id = {message.message_id: message.text for message in tally.messages if message.bubbles}
    shown = [n for n in notifications if texts_by_id.get(n.message_id) == n.text]
    return DemoReport(
        orders=orders,
        notifications=len(notifications),
        accepted=sum(n.state in TOLD for n in notifications),
        delivered=sum(n.state in _DELIVERED for n in notifications),
        read=sum(n.state is State.READ for n in notifications),
        failed=sum(n.state is State.FAILED for n in notifications),
        lost=len(notifications) - len(shown),
        shown_twice=_shown_twice(notifications, tally),
        wire_repeats=tally.wire_repeats,
        seconds=round(seconds, 1),
    )


def _shown_twice(notifications: Sequence[Notification], tally: PhonesTally) -> int:
    """Bubbles beyond the first, counted by text and phone: another id with the same words is a repeat too."""
    ours = {n.text for n in notifications}
    bubbles: Counter[tuple[str, str]] = Counter()
    for message in tally.messages:
        if message.text in ours:
            bubbles[message.number, message.text] += message.bubbles
    return sum(count - 1 for count in bubbles.values() if count > 1)

"""Report of a rush of orders, counted at the simulated phones and in the queue."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from app.domain.identifiers import OrderId
from app.domain.notification import TOLD, UNFINISHED, Notification, State
from app.ports.training import PhonesTally

STAGES = 3
_DELIVERED = frozenset({State.DELIVERED, State.READ})


@dataclass(frozen=True, slots=True)
class DemoReport:
    """Figures of a demo run.

    `shown`, `lost` and `shown_twice` come from decrypted texts and ids on the customers' phones, the others from our
    own database. `lost` counts messages that are finished there and on no phone; a message that still waits to leave
    is not lost.
    """

    orders: int
    notifications: int
    accepted: int
    delivered: int
    read: int
    failed: int
    waiting: int
    shown: int
    lost: int
    shown_twice: int
    wire_repeats: int
    seconds: float

    @property
    def figures(self) -> dict[str, int | float]:
        """Figures that other programs read; `waiting` and `shown` are reported in words."""
        return {name: value for name, value in asdict(self).items() if name not in {"waiting", "shown"}}

    @property
    def unannounced(self) -> int:
        """Number of messages that were never created, because their orders did not reach the stage."""
        return max(self.orders * STAGES - self.notifications, 0)

    @property
    def shown_once(self) -> bool:
        """Whether every message of every order is on its customer's phone exactly once."""
        return self.shown == self.notifications == self.orders * STAGES and self.shown_twice == 0

    @property
    def good(self) -> bool:
        """Whether all messages were shown once and our database agrees."""
        return self.shown_once and self.waiting == 0


def report(
    orders: int, notifications: Sequence[Notification], tally: PhonesTally, seconds: float
) -> DemoReport:
    unshown = _unshown(notifications, tally)
    return DemoReport(
        orders=orders,
        notifications=len(notifications),
        accepted=sum(n.state in TOLD for n in notifications),
        delivered=sum(n.state in _DELIVERED for n in notifications),
        read=sum(n.state is State.READ for n in notifications),
        failed=sum(n.state is State.FAILED for n in notifications),
        waiting=sum(n.state in UNFINISHED for n in notifications),
        shown=len(notifications) - len(unshown),
        lost=sum(n.state not in UNFINISHED for n in unshown),
        shown_twice=_shown_twice(notifications, tally),
        wire_repeats=tally.wire_repeats,
        seconds=round(seconds, 1),
    )


def untold_orders(notifications: Sequence[Notification], tally: PhonesTally) -> frozenset[OrderId]:
    """Return the orders with a message that is on no phone."""
    return frozenset(n.order_id for n in _unshown(notifications, tally) if n.order_id)


def _unshown(notifications: Sequence[Notification], tally: PhonesTally) -> list[Notification]:
    shown = {(message.message_id, message.text) for message in tally.messages if message.bubbles}
    return [n for n in notifications if (n.message_id, n.text) not in shown]


def _shown_twice(notifications: Sequence[Notification], tally: PhonesTally) -> int:
    """Return the bubbles beyond the first, by text and phone: another id with the same words is a repeat too."""
    ours = {n.text for n in notifications}
    bubbles: Counter[tuple[str, str]] = Counter()
    for message in tally.messages:
        if message.text in ours:
            bubbles[message.number, message.text] += message.bubbles
    return sum(count - 1 for count in bubbles.values() if count > 1)

"""Moments of the PC's clock in stored rows, which move when that clock is set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.identifiers import NotificationId, OrderId

# No row is due later than this after it was written.
_LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ClockStep:
    """What the clock showed from `since` to `until` should have been later `by` that much."""

    since: datetime
    until: datetime
    by: timedelta

    @property
    def due_until(self) -> datetime:
        """The last moment for which a row written in that time can be due."""
        return self.until + _LONGEST_WAIT


class TimestampRows(Protocol):
    """What WhatsApp says of its own time (sent, delivered, read) is no moment of the PC's clock."""

    def notifications(self, step: ClockStep) -> Sequence[NotificationId]:
        """Those that were written in that time; the ones that still wait come first."""
        ...

    def unfinished_outside(self, since: datetime, until: datetime) -> Sequence[NotificationId]:
        """Those pending, sending or in doubt that were not last changed, or else made, between the two."""
        ...

    def orders(self, step: ClockStep) -> Sequence[OrderId]:
        """Those that were made in that time."""
        ...

    def shift_notifications(self, ids: Sequence[NotificationId], step: ClockStep) -> None:
        """Move every moment of these rows that lies in that time."""
        ...

    def shift_orders(self, ids: Sequence[OrderId], step: ClockStep) -> None:
        """Move every moment of these rows that lies in that time."""
        ...

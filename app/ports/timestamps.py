"""Moments of the PC's clock in stored rows, shifted when that clock is set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.identifiers import NotificationId, OrderId

# Longest time from the writing of a row until it is due.
_LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ClockStep:
    """Correction of the clock: its times from `since` to `until` should have been later `by` that much."""

    since: datetime
    until: datetime
    by: timedelta

    @property
    def due_until(self) -> datetime:
        """The last moment for which a row written in that time can be due."""
        return self.until + _LONGEST_WAIT


class TimestampRows(Protocol):
    """WhatsApp's own times (sent, delivered, read) are not moments of the PC's clock, and stay."""

    def notifications(self, step: ClockStep) -> Sequence[NotificationId]:
        """Return the notifications written in that time; pending ones come first."""
        ...

    def unfinished_outside(self, since: datetime, until: datetime) -> Sequence[NotificationId]:
        """Return unfinished notifications that were last changed outside of that period.

        These are the ones pending, sending or in doubt; one never changed counts by its creation.
        """
        ...

    def orders(self, step: ClockStep) -> Sequence[OrderId]:
        """Return the orders made in that time."""
        ...

    def shift_notifications(self, ids: Sequence[NotificationId], step: ClockStep) -> None:
        """Shift every moment of these rows that lies in that time."""
        ...

    def shift_orders(self, ids: Sequence[OrderId], step: ClockStep) -> None:
        """Shift every moment of these rows that lies in that time."""
        ...

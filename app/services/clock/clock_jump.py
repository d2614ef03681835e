"""Detector of clock jumps: the PC's clock was set, or the PC slept.

A monotonic clock that shows neither is the reference.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class ClockJump:
    """Difference between wall clock and monotonic clock: `shown` instead of `expected`, at `steady`."""

    expected: datetime
    shown: datetime
    steady: timedelta

    @property
    def moved(self) -> timedelta:
        return self.shown - self.expected


class ClockJumpDetector:
    """Detector of one caller: each jump is reported once, so every caller has its own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall, self._steady = clock.now(), clock.steady()

    def measure(self) -> ClockJump:
        """Return the wall clock's jump since the previous call."""
        shown, steady = self._clock.now(), self._clock.steady()
        expected = self._wall + (steady - self._steady)
        self._wall, self._steady = shown, steady
        return ClockJump(expected, shown, steady)

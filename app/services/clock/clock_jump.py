"""Notices that the PC's clock was set, or that the PC slept, by a clock that knows of neither."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class ClockJump:
    """The wall clock shows `shown` where it should have shown `expected`, and the steady clock `steady`."""

    expected: datetime
    shown: datetime
    steady: timedelta

    @property
    def moved(self) -> timedelta:
        return self.shown - self.expected


class ClockJumpDetector:
    """Each who looks has one, for a drift is told once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall, self._steady = clock.now(), clock.steady()

    def measure(self) -> ClockJump:
        """What has happened to the wall clock since the last look."""
        shown, steady = self._clock.now(), self._clock.steady()
        expected = self._wall + (steady - self._steady)
        self._wall, self._steady = shown, steady
        return ClockJump(expected, shown, steady)

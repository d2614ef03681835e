"""Exponential backoff with jitter between attempts."""

from datetime import timedelta
from typing import Final

FIRST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(seconds=60)


def backoff_pause(failures: int, chance: float) -> timedelta:
    """Return the pause after so many failures in a row: 1, 2, 4 … 60 s with jitter.

    It is between half and the whole of that, as `chance` from 0 to 1 decides.
    """
    doubled = 1 << min(max(failures - 1, 0), 16)
    whole = min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
    return whole * (0.5 + chance / 2)

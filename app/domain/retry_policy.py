"""Retry policy of a failed attempt: exponential backoff, limited retries."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """First try, then `max_retries` more after base, base x factor, … at most `cap` (Q3)."""

    max_retries: int = 3
    base: timedelta = timedelta(seconds=1)
    factor: int = 2
    cap: timedelta = timedelta(seconds=30)

    def delay_after(self, attempts: int) -> timedelta | None:
        """Return the delay after the `attempts`-th failed attempt (1, 2, …); None after the last one."""
        if attempts > self.max_retries:
            return None
        longer: int = self.factor ** (attempts - 1)
        return min(self.base * longer, self.cap)

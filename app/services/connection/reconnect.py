"""Decides how long to wait before the next try, and forgets failures once a connection has proved stable."""

from datetime import timedelta

from app.domain.session import STABLE_AFTER, reconnect_delay
from app.ports.clock import Clock
from app.ports.entropy import Entropy


class Reconnect:
    """Counts failures in a row; a connection that lasted a minute starts the count anew (S3)."""

    def __init__(self, clock: Clock, entropy: Entropy) -> None:
        self._clock, self._entropy = clock, entropy
        self._failures = 0
        self._open_since: timedelta | None = None

    def opened(self) -> None:
        self._open_since = self._clock.steady()

    def closed(self) -> None:
        """Judge the connection that just ended."""
        since, self._open_since = self._open_since, None
        if since is not None and self._clock.steady() - since >= STABLE_AFTER:
            self._failures = 0
        self._failures += 1

    def reset(self) -> None:
        """A person asked: the next try follows at once."""
        self._failures = 0

    def delay(self) -> timedelta:
        return reconnect_delay(self._failures, self._entropy.fraction())

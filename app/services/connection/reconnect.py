"""Reconnect with exponential backoff: decides the step after a close and counts failures."""

from datetime import timedelta

from app.domain.session import (
    REPLACEMENTS_WITHIN,
    STABLE_AFTER,
    AfterClose,
    ConnectionState,
    after_close,
    is_outdated,
    is_replacement,
    pause_before,
)
from app.ports.clock import Clock
from app.ports.entropy import Entropy


class Reconnect:
    """Counts failures in a row; a connection that lasted a minute resets the count (S3)."""

    def __init__(self, clock: Clock, entropy: Entropy) -> None:
        self._clock, self._entropy = clock, entropy
        self._failures = self._outdated = 0
        self._replaced: list[timedelta] = []
        self._open_since: timedelta | None = None

    def opened(self) -> None:
        self._open_since = self._clock.steady()
        self._outdated = 0

    def closed(self, code: int | None) -> None:
        """Count the connection that just ended."""
        now, since = self._clock.steady(), self._open_since
        self._open_since = None
        if since is not None and now - since >= STABLE_AFTER:
            self._failures = 0
        self._failures += 1
        self._outdated = self._outdated + 1 if is_outdated(code) else 0
        if is_replacement(code):
            self._replaced = [each for each in self._replaced if now - each < REPLACEMENTS_WITHIN]
            self._replaced.append(now)

    def reset(self) -> None:
        """Clear the backoff: a person asked, so the next try follows at once."""
        self._failures = self._outdated = 0
        self._replaced.clear()

    def follows(self, code: int | None, *, qr_shown: bool) -> tuple[AfterClose, str | None]:
        return after_close(code, qr_shown=qr_shown, replaced=len(self._replaced), outdated=self._outdated)

    def pause(self, after: AfterClose) -> timedelta:
        return pause_before(after, self._failures, self._entropy.fraction())


def state_before(after: AfterClose) -> ConnectionState:
    """Return the state to display until the next connection."""
    match after:
        case AfterClose.AT_ONCE:
            return ConnectionState.CONNECTING
        case AfterClose.LONG_BACK_OFF:
            return ConnectionState.BLOCKED
        case _:
            return ConnectionState.DISCONNECTED

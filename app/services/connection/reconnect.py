"""Reconnect with exponential backoff: decides the step after a close and counts failures."""

import logging
from datetime import datetime, timedelta

from app.domain.close_policy import (
    REPLACEMENTS_WITHIN,
    STABLE_AFTER,
    UNREACHABLE,
    AfterClose,
    Close,
    CloseCode,
    CloseHistory,
    after_close,
    pause_before,
)
from app.domain.identifiers import SessionId
from app.domain.session import SUSPENDED_UNTIL, ConnectionState
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.services.connection.network_watch import NetworkWatch
from app.services.connection.temporary_ban import TemporaryBan

_log = logging.getLogger(__name__)


class Reconnect:
    """Counts failures in a row; a connection that lasted a minute resets the count (S3)."""

    def __init__(
        self,
        session_id: SessionId,
        clock: Clock,
        entropy: Entropy,
        network: NetworkWatch,
        ban: TemporaryBan,
    ) -> None:
        self._session_id, self._clock, self._entropy = session_id, clock, entropy
        self._network, self._ban = network, ban
        self._failures = self._outdated = 0
        self._replaced: list[timedelta] = []
        self._open_since: timedelta | None = None

    @property
    def banned_until(self) -> datetime | None:
        return self._ban.until

    async def load_ban(self) -> datetime | None:
        """Restore the temporary ban of an earlier run; return its end, None without one."""
        await self._ban.load()
        return self._ban.until

    def forget_ban(self) -> None:
        self._ban.end()

    def opened(self) -> None:
        self._open_since = self._clock.steady()
        self._outdated = 0
        self._network.opened()
        self._ban.end()

    def reset(self) -> None:
        """Clear the backoff: a person asked, so the next try follows at once."""
        self._failures = self._outdated = 0
        self._replaced.clear()

    def follow(self, close: Close, *, qr_shown: bool) -> tuple[AfterClose, str | None]:
        """Count and log the connection that just ended; return the reaction and the reason to display."""
        at_login = self._count(close.code)
        if close.banned_for:
            self._ban.begin(close.banned_for)
        history = CloseHistory(at_login, qr_shown, len(self._replaced), self._outdated)
        after, reason = after_close(close, history)
        if self._ban.left and after is not AfterClose.FINAL:
            # Also after a try of a person's that failed on the network: the number is left alone until the end.
            after, reason = AfterClose.UNTIL_BAN_ENDS, SUSPENDED_UNTIL
        told = {"session": self._session_id, "code": close.code, "cause": close.cause, "after": after}
        _log.info("connection_closed", extra=told)
        return after, reason

    async def pause(self, close: Close, after: AfterClose) -> None:
        """Return when the next connection is due."""
        pause = pause_before(after, self._failures, self._entropy.fraction())
        if after is AfterClose.UNTIL_BAN_ENDS:
            await self._ban.wait()
        elif close.cause in UNREACHABLE:
            await self._network.back_off(pause)
        else:
            await self._clock.sleep(pause)

    def _count(self, code: int | None) -> bool:
        """Count the close; return whether the connection never opened."""
        now, since = self._clock.steady(), self._open_since
        self._open_since = None
        if since is not None and now - since >= STABLE_AFTER:
            self._failures = 0
        self._failures += 1
        self._outdated = self._outdated + 1 if code == CloseCode.OUTDATED else 0
        if code == CloseCode.REPLACED:
            self._replaced = [each for each in self._replaced if now - each < REPLACEMENTS_WITHIN]
            self._replaced.append(now)
        return since is None


def state_before(after: AfterClose) -> ConnectionState:
    """Return the state to display until the next connection."""
    match after:
        case AfterClose.AT_ONCE:
            return ConnectionState.CONNECTING
        case AfterClose.LONG_BACK_OFF | AfterClose.HOURLY | AfterClose.UNTIL_BAN_ENDS:
            return ConnectionState.BLOCKED
        case _:
            return ConnectionState.DISCONNECTED

"""Close policy: what follows the end of a connection, by WhatsApp's code and the cause in the network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Final

from app.domain.backoff import backoff_pause
from app.domain.session import (
    BANNED,
    DEVICES_ENDED,
    LOGGED_OUT,
    LOGIN_REFUSED,
    MULTIDEVICE_MISMATCH,
    OUTDATED,
    QR_EXPIRED,
    REPLACED,
    SUSPENDED,
    SUSPENDED_UNTIL,
)


class CloseCause(StrEnum):
    """Cause of a failed connection that says nothing about the account; also the reason code to display."""

    NO_INTERNET = "no_internet"
    NAME_RESOLUTION = "name_resolution"
    REFUSED = "refused"
    CERTIFICATE = "certificate"
    CLOCK = "clock"
    SERVICE_DOWN = "service_down"


UNREACHABLE: Final = frozenset({CloseCause.NO_INTERNET, CloseCause.NAME_RESOLUTION, CloseCause.REFUSED})
"""Causes that end with the network's return, which a look at the server's port shows."""


@dataclass(frozen=True, slots=True)
class Close:
    """End of one connection as it was told; `banned_for` is the rest of a temporary ban."""

    code: int | None = None
    cause: CloseCause | None = None
    banned_for: timedelta | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class CloseHistory:
    """What led to a close: `at_login` if the connection never opened; the counts include this close."""

    at_login: bool = False
    qr_shown: bool = False
    replaced: int = 0
    outdated: int = 0


class AfterClose(StrEnum):
    """Reaction to the end of a connection."""

    AT_ONCE = "at_once"
    BACK_OFF = "back_off"
    KEEP_APART = "keep_apart"
    LONG_BACK_OFF = "long_back_off"
    HOURLY = "hourly"
    UNTIL_BAN_ENDS = "until_ban_ends"
    FINAL = "final"


class CloseCode(IntEnum):
    """Close codes of Baileys and of WhatsApp's login that have a meaning of their own."""

    LOGGED_OUT = 401
    BANNED_FOR_A_TIME = 402
    DEVICES_ENDED = 403
    OUTDATED = 405
    BANNED = 406
    TIMED_OUT = 408
    MULTIDEVICE_MISMATCH = 411
    CUT_OFF = 428
    REPLACED = 440
    RESTART = 515


_SETTLED: Final[Mapping[int | None, tuple[AfterClose, str | None]]] = {
    CloseCode.LOGGED_OUT: (AfterClose.FINAL, LOGGED_OUT),
    CloseCode.DEVICES_ENDED: (AfterClose.FINAL, DEVICES_ENDED),
    CloseCode.BANNED: (AfterClose.FINAL, BANNED),
    CloseCode.MULTIDEVICE_MISMATCH: (AfterClose.FINAL, MULTIDEVICE_MISMATCH),
    CloseCode.RESTART: (AfterClose.AT_ONCE, None),
}
# Baileys uses these two for a network that fails.
_REFUSALS: Final = frozenset(range(400, 500)) - {CloseCode.TIMED_OUT, CloseCode.CUT_OFF}

MOST_REPLACEMENTS: Final = 3
REPLACEMENTS_WITHIN: Final = timedelta(minutes=1)
STABLE_AFTER: Final = timedelta(seconds=60)
APART: Final = timedelta(seconds=10)
LONG_DELAY: Final = timedelta(minutes=30)
HOUR: Final = timedelta(hours=1)


def after_close(close: Close, history: CloseHistory) -> tuple[AfterClose, str | None]:
    """Return the reaction to a close, and the reason to display, if any (S3).

    515 is how a pairing ends well; 408 after a QR code was shown means that it was not scanned. Two programs that take
    the session from each other must not go on for ever, and an outdated client is tried once more with the version that
    WhatsApp now serves, then rarely. A login that is refused otherwise is no weak network: repeating it at once may
    turn a refusal into a ban.
    """
    if settled := _SETTLED.get(close.code):
        return settled
    match close.code:
        case CloseCode.BANNED_FOR_A_TIME if close.banned_for:
            return AfterClose.UNTIL_BAN_ENDS, SUSPENDED_UNTIL
        case CloseCode.BANNED_FOR_A_TIME:
            return AfterClose.HOURLY, SUSPENDED
        case CloseCode.REPLACED:
            final = history.replaced >= MOST_REPLACEMENTS
            return (AfterClose.FINAL if final else AfterClose.KEEP_APART), REPLACED
        case CloseCode.OUTDATED:
            return (AfterClose.LONG_BACK_OFF if history.outdated > 1 else AfterClose.BACK_OFF), OUTDATED
        case CloseCode.TIMED_OUT if history.qr_shown:
            return AfterClose.FINAL, QR_EXPIRED
    refused = history.at_login and close.code in _REFUSALS
    return (AfterClose.HOURLY, LOGIN_REFUSED) if refused else (AfterClose.BACK_OFF, close.cause)


def pause_before(after: AfterClose, failures: int, chance: float) -> timedelta:
    """Return the backoff before the next connection; `chance` from 0 to 1 is jitter, so that many PCs spread out."""
    match after:
        case AfterClose.AT_ONCE:
            return timedelta(0)
        case AfterClose.KEEP_APART:
            return APART * (1 + chance / 2)
        case AfterClose.LONG_BACK_OFF:
            return LONG_DELAY * (1 + chance / 2)
        case AfterClose.HOURLY:
            return HOUR * (1 + chance / 10)
        case _:
            return backoff_pause(failures, chance)

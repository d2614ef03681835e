"""A WhatsApp session: what is kept of it, how it is doing, and what its end means."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.identifiers import SessionId
from app.domain.phone import Phone


class Lamp(StrEnum):
    """What the person at the counter sees."""

    UNPAIRED = "unpaired"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    UNSTABLE = "unstable"
    DISCONNECTED = "disconnected"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class SessionData:
    """`credentials` is the messenger's own text, opaque to us; `paired` says whether it can log in by itself."""

    session_id: SessionId
    credentials: str = field(repr=False)
    paired: bool
    phone: Phone | None = None


@dataclass(frozen=True, slots=True)
class QrCode:
    text: str = field(repr=False)
    until: datetime


class PairingStep(StrEnum):
    """How far the pairing of a phone has come, for the person who holds that phone."""

    PREPARING = "preparing"
    AWAITING_SCAN = "awaiting_scan"
    SCANNED = "scanned"
    CONNECTING = "connecting"


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """The design's record, with the lamp and the reason code that its sentence is found by.

    `pairing` is None when nobody is pairing: before, after it has ended well, and after it has failed.
    """

    session_id: SessionId
    lamp: Lamp = Lamp.DISCONNECTED
    qr_code: QrCode | None = None
    last_connected: datetime | None = None
    phone: Phone | None = None
    reason: str | None = None
    pairing: PairingStep | None = None

    @property
    def is_connected(self) -> bool:
        return self.lamp is Lamp.CONNECTED


class AfterClose(StrEnum):
    """What follows the end of a connection."""

    AT_ONCE = "at_once"
    BACK_OFF = "back_off"
    FINAL = "final"


LOGGED_OUT = "logged_out"
_FINAL = {401: LOGGED_OUT, 403: "banned", 405: "outdated", 440: "replaced", 411: "multidevice_mismatch"}
_AT_ONCE = {515}
QR_EXPIRED = "qr_expired"
CREDENTIALS_UNREADABLE = "credentials_unreadable"
"""Why a session that was paired has to be paired again: what is kept of it does not open."""

FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(seconds=60)
STABLE_AFTER = timedelta(seconds=60)


def after_close(code: int | None, *, qr_shown: bool) -> tuple[AfterClose, str | None]:
    """What to do after a close code, with the reason to show where it is final.

    Sources: the close codes that Baileys reports; 515 is how a pairing ends well; 408 after a QR code was
    shown means that nobody scanned it.
    """
    if code in _AT_ONCE:
        return AfterClose.AT_ONCE, None
    if code in _FINAL:
        return AfterClose.FINAL, _FINAL[code]
    if code == 408 and qr_shown:
        return AfterClose.FINAL, QR_EXPIRED
    return AfterClose.BACK_OFF, None


def reconnect_delay(failures: int, chance: float) -> timedelta:
    """1, 2, 4 … 60 s with jitter: between half and the whole of it, as `chance` in [0, 1) says (S3)."""
    doubled = 1 << min(max(failures - 1, 0), 16)
    whole = min(FIRST_DELAY * doubled, LONGEST_DELAY)
    return whole * (0.5 + chance / 2)

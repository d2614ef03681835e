"""WhatsApp session: stored credentials, status, and the meaning of close codes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.backoff import backoff_pause
from app.domain.identifiers import SessionId
from app.domain.phone import Phone


class ConnectionState(StrEnum):
    """State of a connection, as displayed at the counter."""

    UNPAIRED = "unpaired"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    UNSTABLE = "unstable"
    DISCONNECTED = "disconnected"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class SessionData:
    """Stored session: `credentials` is opaque text of the messenger; `paired` if it can log in by itself."""

    session_id: SessionId
    credentials: str = field(repr=False)
    paired: bool
    phone: Phone | None = None


@dataclass(frozen=True, slots=True)
class QrCode:
    text: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class LinkCode:
    """Eight characters to be typed on the phone instead of scanning."""

    text: str = field(repr=False)
    until: datetime


class PairingStep(StrEnum):
    """Progress of pairing, displayed to the person holding the phone."""

    PREPARING = "preparing"
    AWAITING_SCAN = "awaiting_scan"
    AWAITING_CODE = "awaiting_code"
    SCANNED = "scanned"
    CONNECTING = "connecting"


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """Status by the design's record, with state and reason code; the code finds its sentence.

    `pairing` is None without a pairing in progress: before, after it has succeeded, and after it has failed.
    """

    session_id: SessionId
    state: ConnectionState = ConnectionState.DISCONNECTED
    qr_code: QrCode | None = None
    last_connected: datetime | None = None
    phone: Phone | None = None
    reason: str | None = None
    pairing: PairingStep | None = None
    pairing_code: LinkCode | None = None
    proved_at: datetime | None = field(default=None, compare=False)
    """Moment and round trip of WhatsApp's last answer; a change of these alone is not published."""
    round_trip: timedelta | None = field(default=None, compare=False)

    @property
    def is_connected(self) -> bool:
        return self.state is ConnectionState.CONNECTED


class AfterClose(StrEnum):
    """Reaction to the end of a connection."""

    AT_ONCE = "at_once"
    BACK_OFF = "back_off"
    KEEP_APART = "keep_apart"
    LONG_BACK_OFF = "long_back_off"
    FINAL = "final"


LOGGED_OUT = "logged_out"
OUTDATED = "outdated"
REPLACED = "replaced"
_FINAL = {401: LOGGED_OUT, 403: "banned", 411: "multidevice_mismatch"}
_RESTART_REQUIRED, _REPLACED, _OUTDATED, _TIMED_OUT = 515, 440, 405, 408
QR_EXPIRED, CODE_EXPIRED, CODE_REFUSED = "qr_expired", "code_expired", "code_refused"
PASSKEY = "passkey"

MOST_REPLACEMENTS = 3
REPLACEMENTS_WITHIN = timedelta(minutes=1)
CREDENTIALS_UNREADABLE = "credentials_unreadable"
"""Reason why a paired session has to be paired again: its stored credentials cannot be opened."""

STABLE_AFTER = timedelta(seconds=60)
APART = timedelta(seconds=10)
LONG_DELAY = timedelta(minutes=30)
REPORTS_WITHIN = timedelta(seconds=30)
"""Timeout of a socket that has shown no code and has neither opened nor closed."""
CODE_LIVES = timedelta(seconds=150)


def after_close(
    code: int | None, *, qr_shown: bool, replaced: int = 0, outdated: int = 0
) -> tuple[AfterClose, str | None]:
    """Return the reaction to a close code, and the reason to display, if any (S3).

    A reason is one that a person should know. Sources: the close codes that Baileys reports; 515 is how a pairing ends
    well; 408 after a QR code was shown means that it was not scanned. `replaced` and `outdated` count such closes in a
    row, this one included: two programs that take the session from each other must not go on for ever, and an outdated
    client is tried once more with the version that WhatsApp now serves, then rarely.
    """
    if code == _RESTART_REQUIRED:
        return AfterClose.AT_ONCE, None
    if code in _FINAL:
        return AfterClose.FINAL, _FINAL[code]
    if code == _REPLACED:
        final = replaced >= MOST_REPLACEMENTS
        return (AfterClose.FINAL if final else AfterClose.KEEP_APART), REPLACED
    if code == _OUTDATED:
        return (AfterClose.LONG_BACK_OFF if outdated > 1 else AfterClose.BACK_OFF), OUTDATED
    if code == _TIMED_OUT and qr_shown:
        return AfterClose.FINAL, QR_EXPIRED
    return AfterClose.BACK_OFF, None


def is_replacement(code: int | None) -> bool:
    return code == _REPLACED


def is_outdated(code: int | None) -> bool:
    return code == _OUTDATED


def pause_before(after: AfterClose, failures: int, chance: float) -> timedelta:
    """Return the backoff before the next connection; `chance` from 0 to 1 is jitter, so that many PCs spread out."""
    match after:
        case AfterClose.AT_ONCE:
            return timedelta(0)
        case AfterClose.KEEP_APART:
            return APART * (1 + chance / 2)
        case AfterClose.LONG_BACK_OFF:
            return LONG_DELAY * (1 + chance / 2)
        case _:
            return backoff_pause(failures, chance)

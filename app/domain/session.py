"""WhatsApp session: stored credentials, status, and the reasons of its end."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

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
    code: int | None = None
    until: datetime | None = None
    """WhatsApp's close code and the end of its ban, where the sentence of the reason names them."""
    proved_at: datetime | None = field(default=None, compare=False)
    """Moment and round trip of WhatsApp's last answer; a change of these alone is not published."""
    round_trip: timedelta | None = field(default=None, compare=False)

    @property
    def is_connected(self) -> bool:
        return self.state is ConnectionState.CONNECTED


LOGGED_OUT, DEVICES_ENDED, BANNED = "logged_out", "devices_ended", "banned"
SUSPENDED, SUSPENDED_UNTIL = "suspended", "suspended_until"
"""Reasons of a temporary ban, without and with its end."""
LOGIN_REFUSED, MULTIDEVICE_MISMATCH = "login_refused", "multidevice_mismatch"
OUTDATED, REPLACED = "outdated", "replaced"
QR_EXPIRED, CODE_EXPIRED, CODE_REFUSED = "qr_expired", "code_expired", "code_refused"
PASSKEY = "passkey"
OTHER_NUMBER = "other_number"
"""Reason why a pairing was undone: without the manager the former number alone is linked."""
CREDENTIALS_UNREADABLE = "credentials_unreadable"
"""Reason why a paired session has to be paired again: its stored credentials cannot be opened."""

REPORTS_WITHIN = timedelta(seconds=30)
"""Timeout of a socket that has shown no code and has neither opened nor closed."""
CODE_LIVES = timedelta(seconds=150)

"""WhatsApp as the core sees it: one connection per session that can be asked and that tells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from app.domain.account import NumberAnswer
from app.domain.attempt import Outcome
from app.domain.identifiers import MessageId, SessionId
from app.domain.phone import Phone
from app.domain.receipt import Receipt
from app.domain.restriction import Restriction
from app.domain.session import QrCode, SessionData


class LinkState(StrEnum):
    """Steps of one connection: `connecting` first, `closed` last, each of them at most once.

    `paired` is followed by a close with code 515. `drained` says that the receipts and the customers' texts that waited
    at WhatsApp have been told; it may come before `open`, and a text that could not be kept at once after it.
    """

    CONNECTING = "connecting"
    PAIRED = "paired"
    OPEN = "open"
    DRAINED = "drained"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """`code` is WhatsApp's close code, only with `closed`; None when we ended it or the sidecar itself went away.

    `trouble` is the code of a sentence for the person at the counter: the sidecar keeps dying, and is now started
    only once a minute (S5).
    """

    session_id: SessionId
    state: LinkState
    code: int | None = None
    phone: Phone | None = None
    trouble: str | None = None


EDIT: Final = "edit"
DELETION: Final = "deletion"
CHANGES: Final = frozenset({EDIT, DELETION, "reaction"})


@dataclass(frozen=True, slots=True)
class Inbound:
    """`kind` is text, image, video, audio, document, sticker, reaction, edit, deletion, unreadable or other.

    An edit without a text cannot be opened here; a reaction without one is taken back.
    """

    session_id: SessionId
    message_id: MessageId
    phone: Phone | None
    kind: str
    text: str | None = field(repr=False)
    at: datetime
    live: bool
    lid: str | None = field(default=None, repr=False)
    """WhatsApp's account id, where it was told; without `phone` the only way to the customer's number."""
    jid: str | None = field(default=None, repr=False)
    """Where an answer goes, as WhatsApp spells it."""
    about: MessageId | None = None
    """The earlier message that a reaction, an edit or a deletion is about."""

    @property
    def changes_another(self) -> bool:
        """Whether it says something about an earlier message, and is none by itself (K9)."""
        return self.about is not None and self.kind in CHANGES


@dataclass(frozen=True, slots=True)
class Pulse:
    """How the session's process is, and when WhatsApp last answered it.

    `proved` is on our steady clock, and never later than WhatsApp's last answer to anything that was asked on the
    present connection; `round_trip` is that of this very question, None when nobody answered it.
    """

    up_for: timedelta
    memory_bytes: int
    proved: timedelta | None = None
    round_trip: timedelta | None = None
    client_version: str | None = None


@dataclass(frozen=True, slots=True)
class ClientVersion:
    """Which version of WhatsApp Web to be: `exact` as it is, else WhatsApp's own or the newest known."""

    exact: str | None = None
    known: str | None = None
    look_up: bool = False


ANY_VERSION = ClientVersion()


class MessengerListener(Protocol):
    """Who is told. Called on the event loop, in the order of arrival; each call is awaited before the next.

    `session_changed` alone may come while another call is still running; what arrives after it waits for it.
    """

    async def link_changed(self, change: LinkChanged) -> None: ...

    async def qr_shown(self, session_id: SessionId, qr: QrCode) -> None: ...

    async def session_changed(self, session: SessionData) -> None:
        """The credentials changed; they must be on disk when this returns."""
        ...

    async def receipts_arrived(self, session_id: SessionId, receipts: Sequence[Receipt]) -> None:
        """In the order of arrival. All of them must be on disk when this returns: only then may WhatsApp forget them.

        If this raises, none is, and they come again.
        """
        ...

    async def about_to_write(self, message_id: MessageId) -> bool:
        """The bytes of a message that was not `noted` leave when this has returned True, and not before.

        That they may have left must be on disk when this returns. If it returns False, or raises, nothing leaves.
        """
        ...

    async def inbound_arrived(self, inbound: Inbound) -> None:
        """It must be on disk when this returns, as with a receipt; the same message may come again."""
        ...

    async def time_told(self, session_id: SessionId, at: datetime) -> None:
        """WhatsApp has just said what time it is, at a login; before `open` is told."""
        ...

    async def pairing_refused(self, session_id: SessionId, kind: str) -> None:
        """WhatsApp demands what a linked device cannot give: `passkey` or `registration_refresh`."""
        ...

    async def restricted(self, session_id: SessionId, restriction: Restriction) -> None:
        """How far WhatsApp lets this number begin conversations; may be told again, and where nothing is restricted."""
        ...


class Messenger(Protocol):
    """Every call may raise SidecarGoneError, and `connect` does while the messenger is not started.

    A call to a session that is not open raises NotConnectedError. Two answer instead: `send_text` always, `find_number`
    once the session has been connected. `ping` asks the sidecar, which a session has from its first connection on.
    What every messenger keeps is in tests/contracts/messenger_contract.py and the files beside it.
    """

    async def start(self, listener: MessengerListener) -> None: ...

    async def stop(self) -> None:
        """Let what is in flight be answered, then end; bounded. Nothing is told any more, no close either."""
        ...

    async def connect(self, session: SessionData, version: ClientVersion = ANY_VERSION) -> None:
        """Open a connection with these credentials (empty text: a new device); progress comes as LinkChanged.

        Raises CredentialsUnreadableError where they are of no form that it knows.

        One that is there already ends first: what it has in flight is in doubt, and of it nothing more is told.
        """
        ...

    async def disconnect(self, session_id: SessionId) -> None:
        """`closed` is told if there was a connection; harmless otherwise."""
        ...

    async def logout(self, session_id: SessionId) -> None:
        """As `disconnect`; these credentials are worth nothing afterwards (401)."""
        ...

    async def pairing_code(self, session_id: SessionId, phone: Phone) -> str:
        """Return the code for this account; for another spelling of the number over the same connection, the same.

        Raises NotConnectedError where no QR code is on offer, PairingCodeRefusedError where WhatsApp says no.
        """
        ...

    async def find_number(self, session_id: SessionId, forms: Sequence[Phone]) -> NumberAnswer:
        """Which account has the number, asked in all its forms at once (P2)."""
        ...

    async def send_text(
        self,
        session_id: SessionId,
        jid: str,
        text: str,
        message_id: MessageId,
        not_after: timedelta,
        *,
        noted: bool = False,
    ) -> Outcome:
        """Send and wait for the server's ack; `not_after` is on the steady clock.

        Unless it is `noted` on disk that the message may leave, the listener is asked right before (`mark_on_wire`).

        An id that is still in flight is refused; one that was answered, or is in doubt, may go out again.
        """
        ...

    async def refresh_session(self, session_id: SessionId, jids: Sequence[str]) -> None:
        """Make new Signal sessions with these and with every own device."""
        ...

    async def ping(self, session_id: SessionId, patience: timedelta = timedelta(0)) -> Pulse:
        """Ask the session's process and, where there is patience, WhatsApp itself through it."""
        ...

    async def recycle(self, session_id: SessionId, at_most: timedelta) -> bool:
        """Let a new process take the place of the session's, gently, once nothing is in flight.

        False where something still was after `at_most`; then nothing has changed. The new one is not connected.
        """
        ...

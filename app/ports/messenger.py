"""Port of WhatsApp: one connection per session, with calls and a listener for its events."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from app.domain.account import NumberAnswer
from app.domain.attempt import Outcome
from app.domain.close_policy import CloseCause
from app.domain.identifiers import MessageId, SessionId
from app.domain.lid import Address, Lid
from app.domain.phone import Phone
from app.domain.receipt import Receipt
from app.domain.restriction import Restriction
from app.domain.session import QrCode, SessionData
from app.ports.chat_timers import ChatTimer
from app.ports.inbound import Inbound, UnreadMessage


class LinkState(StrEnum):
    """Steps of one connection: `connecting` first, `closed` last, each of them at most once.

    `paired` is followed by a close with code 515. `drained` says that the receipts and the customers' texts that
    WhatsApp queued while offline have been delivered and saved; it may come before `open`, and does not come while one
    of them stays unread or unsaved.
    """

    CONNECTING = "connecting"
    PAIRED = "paired"
    OPEN = "open"
    DRAINED = "drained"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """Event of a link; `code` is WhatsApp's close code, only with `closed`.

    `code` is None when we ended the connection, refused its server or lost the sidecar. `trouble` is the code of a
    sentence for the person at the counter: the sidecar crashes again and again, and is now started only once a minute
    (S5).
    """

    session_id: SessionId
    state: LinkState
    code: int | None = None
    phone: Phone | None = None
    trouble: str | None = None
    cause: CloseCause | None = None
    """Cause of a close that lies with the network or this PC, never with the account."""
    expires_in: timedelta | None = None
    """Time until WhatsApp's temporary ban of the account ends, with code 402."""


@dataclass(frozen=True, slots=True)
class SeenAccount:
    """Account id of WhatsApp with the number and the username that were seen beside it (K1).

    `live` is what WhatsApp says now; without it the pair comes from the phone's history and may be out of date.
    """

    phone: Phone | None = field(repr=False)
    lid: Lid
    username: str | None = field(default=None, repr=False)
    live: bool = True


@dataclass(frozen=True, slots=True)
class Pulse:
    """State of the session's process, and the moment of WhatsApp's last answer to it.

    `proved` is on our monotonic clock, and never later than WhatsApp's last answer to any request over the present
    connection; `round_trip` is that of this very probe, None without an answer to it.
    """

    up_for: timedelta
    memory_bytes: int
    proved: timedelta | None = None
    round_trip: timedelta | None = None
    client_version: str | None = None


@dataclass(frozen=True, slots=True)
class ClientVersion:
    """Version of WhatsApp Web to connect as: `exact` unchanged, else WhatsApp's own or the newest known."""

    exact: str | None = None
    known: str | None = None
    look_up: bool = False


ANY_VERSION = ClientVersion()

MOST_CUSTOMERS_ASKED: Final = 20
"""Customers whose numbers one `find_numbers` may look up."""


class MessengerListener(Protocol):
    """Listener of a messenger, called on the event loop in the order of arrival; each call is awaited before the next.

    `session_changed` may come while another call is still running; what arrives after it waits for it. Consecutive
    calls of `receipts_arrived`, `accounts_seen` and `timers_seen` may run side by side; any other call waits for them.
    `offline_stanza_arrived` and `offline_message_recorded` overtake all others.
    """

    async def link_changed(self, change: LinkChanged) -> None: ...

    async def qr_shown(self, session_id: SessionId, qr: QrCode) -> None: ...

    async def session_changed(self, session: SessionData) -> None:
        """Save the changed credentials; they must be on disk when this returns."""
        ...

    async def receipts_arrived(self, session_id: SessionId, receipts: Sequence[Receipt]) -> None:
        """Save receipts, in the order of arrival; all must be on disk on return: only then may WhatsApp forget them.

        If this raises, not one is saved, and they come again.
        """
        ...

    async def about_to_write(self, message_id: MessageId) -> bool:
        """Return True to let the bytes of a message that was not `noted` leave; they do not leave before.

        That they may have left must be on disk when this returns. If it returns False, or raises, no byte leaves.
        """
        ...

    def offline_stanza_arrived(self, session_id: SessionId, unread: UnreadMessage | None) -> None:
        """Take a stanza that waited at WhatsApp, as soon as it is here; with the message that has yet to be read (X1).

        Called before any `about_to_write` that the messenger asks after the stanza's arrival. The same message may come
        again with another address of its writer.
        """
        ...

    def offline_message_recorded(self, session_id: SessionId, message_id: MessageId) -> None:
        """Take that an unread message was saved by `inbound_arrived`, or is none that is told.

        One that cannot be decrypted was saved as `unreadable`; it comes again, live, if its phone answers.
        """
        ...

    async def inbound_arrived(self, inbound: Inbound) -> None:
        """Save an inbound message; on disk when this returns, as with a receipt.

        The same message may come again, so this is idempotent.
        """
        ...

    async def accounts_seen(self, session_id: SessionId, accounts: Sequence[SeenAccount]) -> None:
        """Save which numbers and usernames belong to which account ids; on disk when this returns.

        The same account may come again. If this raises, all of them come again while the sidecar lives.
        """
        ...

    async def timers_seen(self, session_id: SessionId, timers: Sequence[ChatTimer]) -> None:
        """Save the timers of chats, the newest of each by WhatsApp's clock; on disk when this returns.

        They come in any order, and again if this raises.
        """
        ...

    async def history_read(self, session_id: SessionId) -> None:
        """Take that chats which the shop's phone pushed are read: more accounts may be `trusted` now (K6).

        Called after `history_setting` is on disk, at any moment between the other calls.
        """
        ...

    async def time_told(self, session_id: SessionId, at: datetime) -> None:
        """Take WhatsApp's time, sent at a login; called before `open` is reported."""
        ...

    async def pairing_refused(self, session_id: SessionId, kind: str) -> None:
        """Handle WhatsApp's demand that a linked device cannot meet: `passkey` or `registration_refresh`."""
        ...

    async def restricted(self, session_id: SessionId, restriction: Restriction) -> None:
        """Take WhatsApp's limit on this number's new conversations; may come again, and also without a restriction."""
        ...


class Messenger(Protocol):
    """Messenger of all sessions; its contract is in tests/contracts/messenger_contract.py and the files beside it.

    Every call may raise SidecarGoneError, and `connect` does while the messenger is not started. A call to a session
    that is not open raises NotConnectedError. Three return a value instead: `send_text` always, `find_number` and
    `find_numbers` once the session has been connected. `ping` asks the sidecar, which a session has from its first
    connection on.
    """

    async def start(self, listener: MessengerListener) -> None: ...

    async def stop(self) -> None:
        """Wait for answers to messages in flight, then end; bounded.

        No event is reported any more, and no close either.
        """
        ...

    async def connect(self, session: SessionData, version: ClientVersion = ANY_VERSION) -> None:
        """Open a connection with these credentials (empty text: a new device); progress comes as LinkChanged.

        Raises CredentialsUnreadableError if they are of no known form. A connection that exists already ends first: its
        messages in flight are in doubt, and it reports no more events.
        """
        ...

    async def disconnect(self, session_id: SessionId) -> None:
        """End the connection; `closed` is reported if there was one, and it is harmless otherwise."""
        ...

    async def logout(self, session_id: SessionId) -> None:
        """Disconnect and invalidate these credentials (401)."""
        ...

    async def pairing_code(self, session_id: SessionId, phone: Phone) -> str:
        """Return the code for this account; for another spelling of the number over the same connection, the same.

        Raises NotConnectedError without a QR code on offer, PairingCodeRefusedError if WhatsApp refuses.
        """
        ...

    async def find_number(self, session_id: SessionId, forms: Sequence[Phone]) -> NumberAnswer:
        """Return the account of the number, looked up in all its forms at once (P2)."""
        ...

    async def find_numbers(
        self, session_id: SessionId, customers: Sequence[Sequence[Phone]]
    ) -> Sequence[NumberAnswer]:
        """Look up several customers' numbers, each in all its forms, in one request (K2).

        The answers come in the order of `customers`, of which there are at most MOST_CUSTOMERS_ASKED.
        """
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
        expiration_s: int = 0,
    ) -> Outcome:
        """Send and wait for the server's ack; `not_after` is on the monotonic clock.

        A text of which no byte has left by then is refused as too late, and none leaves afterwards. `expiration_s` is
        the timer of its chat, 0 for none; a retry that a phone asks for carries the one stored by then.
        Unless it is `noted` on disk that the message may leave, the listener's `about_to_write` is called right before.
        An id that is still in flight is refused; one that was answered, or is in doubt, may go out again.
        """
        ...

    async def mark_read(
        self, session_id: SessionId, customer: Address, message_ids: Sequence[MessageId]
    ) -> None:
        """Tell WhatsApp that these messages of a customer were read; the shop's phone shows them as read, too.

        The customer is told only where the account's own privacy settings allow read receipts.
        """
        ...

    async def refresh_session(self, session_id: SessionId, jids: Sequence[str]) -> None:
        """Make new Signal sessions with these and with every own device."""
        ...

    async def ping(self, session_id: SessionId, patience: timedelta = timedelta(0)) -> Pulse:
        """Ask the session's process and, given `patience`, WhatsApp itself through it."""
        ...

    async def is_reachable(self, session_id: SessionId, patience: timedelta) -> bool:
        """Return whether the server takes a TCP connection within `patience`; it costs WhatsApp no login.

        Raises SidecarGoneError or NotConnectedError without a process to look from.
        """
        ...

    async def recycle(self, session_id: SessionId, at_most: timedelta) -> bool:
        """Replace the session's process gracefully, once no message is in flight.

        Returns False, without a change, if a message still was in flight after `at_most`. The new process is not
        connected.
        """
        ...

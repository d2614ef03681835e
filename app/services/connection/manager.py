"""Connection manager of one WhatsApp session: restore, pair, keep connected, publish status."""

import logging
from collections.abc import Callable
from datetime import timedelta

from app.domain.close_policy import AfterClose, Close
from app.domain.errors import (
    CocoLokoError,
    CredentialsUnreadableError,
    NotAllowedNowError,
    PairingCodeRefusedError,
    WrongKeyError,
)
from app.domain.events import ProblemReported
from app.domain.phone import Phone
from app.domain.remedy import REMEDIES
from app.domain.session import (
    CREDENTIALS_UNREADABLE,
    OTHER_NUMBER,
    OUTDATED,
    SUSPENDED_UNTIL,
    ConnectionState,
    ConnectionStatus,
    QrCode,
    SessionData,
)
from app.ports.messenger import LinkChanged, LinkState, Pulse
from app.services.connection.dependencies import ConnectionDependencies
from app.services.connection.pairing import Pairing
from app.services.connection.reconnect import state_before
from app.services.connection.report_watchdog import ReportWatchdog
from app.services.connection.stored_session import StoredSession

_log = logging.getLogger(__name__)


class WhatsAppConnectionManager:
    """Policy of the connection; the messenger only carries it out."""

    def __init__(self, deps: ConnectionDependencies) -> None:
        self._deps, self._messenger, self._publisher = deps, deps.messenger, deps.publisher
        self._session_id = deps.publisher.now.session_id
        self._stored = StoredSession(self._session_id, deps.store, deps.clock, deps.tasks)
        self._pairing = Pairing(deps.messenger, deps.clock, deps.tasks, deps.publisher)
        self._watchdog = ReportWatchdog(deps.clock, deps.tasks, self._socket_silent)
        self.generation = 0
        """Number of the present connection of this session."""
        self._wanted, self.offline_queue, self.relink = False, deps.offline_queue, deps.relink

    async def initialize(self) -> None:
        """Connect if a session is paired; else publish that it has to be paired."""
        await self.relink.load()
        try:
            paired, reason = await self.restore_session(), None
        except WrongKeyError:
            # No reason to end the program: pending messages are held until the session is paired again.
            _log.error(CREDENTIALS_UNREADABLE, extra={"session": self._session_id})
            paired, reason = False, CREDENTIALS_UNREADABLE
        if paired and (until := await self._deps.reconnect.load_ban()):
            self._wanted = True
            self._publisher.note(until=until)
            self._connect_later(Close(), AfterClose.UNTIL_BAN_ENDS, SUSPENDED_UNTIL)
        elif paired:
            await self._connect()
        else:
            self._publisher.show(ConnectionState.UNPAIRED, reason)

    def get_connection_status(self) -> ConnectionStatus:
        return self._publisher.now

    def on_connection_update(self, callback: Callable[[ConnectionStatus], None]) -> Callable[[], None]:
        """Call back with every new status of this session; return the function that unsubscribes."""
        return self._publisher.subscribe(callback)

    async def restore_session(self) -> bool:
        """Load the stored credentials; return whether they belong to a paired session (S2). Raises WrongKeyError."""
        if restored := await self._stored.restore():
            self._publisher.note(phone=self._stored.data.phone)
        return restored

    async def save_session(self, session: SessionData) -> None:
        """Save the credentials, on disk when this returns; those of a pairing that was undone are dropped."""
        if self._wanted or self._stored.data.paired:
            await self._stored.save(session)

    async def pair(self, *, by_code: bool = False) -> None:
        """Start over as a new device; an abandoned attempt leaves no credentials that could pass for a session."""
        state = self._publisher.now.state
        if self._stored.data.paired and state is not ConnectionState.BLOCKED:
            raise NotAllowedNowError(state=state)  # a network that is down is no reason to lose a session
        await self.relink.authorize_pairing(self._publisher.now, paired=self._stored.data.paired)
        await self._forget_session()
        self._deps.reconnect.reset()
        self._pairing.begin(by_code=by_code)
        await self._connect()

    async def pair_by_code(self, phone: Phone) -> None:
        """Pair by eight characters to type, shown in the status (S1); raises PairingCodeRefusedError."""
        await self.pair(by_code=True)
        reason = await self._pairing.ask_code(phone, self._give_up_pairing)
        if reason:
            await self._give_up_pairing(reason)
            raise PairingCodeRefusedError

    async def pairing_refused(self, reason: str) -> None:
        """End the pairing: WhatsApp requires of this account a step that a linked device cannot do, with any code."""
        if self._publisher.now.pairing:
            await self._give_up_pairing(reason)

    async def reconnect(self) -> None:
        """Replace the connection now; raises NotAllowedNowError without a session: WhatsApp would offer a pairing."""
        if not self._stored.data.paired and not self._publisher.now.pairing:
            raise NotAllowedNowError(state=self._publisher.now.state)
        self._deps.reconnect.reset()
        await self._connect()

    async def renew(self, generation: int) -> None:
        """Replace the dead connection of this generation."""
        if self._wanted and generation == self.generation:
            await self._connect()

    async def recycle(self, patience: timedelta) -> None:
        """Replace the Node process once no message is in flight; no message starts meanwhile."""
        generation = self.generation
        self._publisher.show(ConnectionState.CONNECTING)
        done = await self._messenger.recycle(self._session_id, patience)
        if not self._wanted or generation != self.generation:
            return
        if done:
            await self._connect()
        elif self._publisher.claimed is ConnectionState.CONNECTING:
            self._publisher.show(ConnectionState.CONNECTED)

    async def disconnect(self) -> None:
        """Close the connection and stay offline; a pairing is undone, also after the phone has read the code."""
        scanned = self._publisher.now.pairing is not None and self._stored.data.paired
        self._wanted = False
        self.generation += 1
        if scanned:
            await self.relink.unlink_refused()
            await self._forget_session()
        await self._messenger.disconnect(self._session_id)
        self._rest()

    async def logout(self) -> None:
        """Unlink the device at WhatsApp and delete the session; raises ManagerNeededError."""
        await self.relink.authorize_unlinking()
        self._wanted = False
        try:
            await self._messenger.logout(self._session_id)
        except CocoLokoError:
            self._wanted = True
            raise
        await self.relink.forget_linked()
        await self._forget_session()
        self._rest()

    @property
    def is_answerable(self) -> bool:
        """Whether WhatsApp can be probed over the present connection."""
        return self.is_open or self._pairing.is_offered

    @property
    def is_open(self) -> bool:
        """Whether the connection is open by its own events."""
        return self._publisher.claimed is ConnectionState.CONNECTED

    @property
    def is_dead(self) -> bool:
        """Whether an open connection has had no answer for too long."""
        return self.is_open and self._deps.last_response.is_dead

    async def record_pulse(self, pulse: Pulse) -> None:
        """Record an answer of WhatsApp over the present connection."""
        if pulse.proved is not None and self.is_open:
            self._publisher.record_response(pulse.proved, pulse.round_trip)
            await self._deps.client_versions.record_good(pulse.client_version)

    def check(self) -> timedelta | None:
        """Publish a connection with a last answer that is too old; return how long it still counts as connected."""
        self._publisher.publish_if_changed()
        return self._deps.last_response.alive_left

    def qr_shown(self, qr: QrCode) -> None:
        self._watchdog.record_report()
        if self._wanted:
            self._pairing.offered(qr)

    async def link_changed(self, change: LinkChanged) -> None:
        if change.state is not LinkState.CONNECTING:
            self._watchdog.record_report()
        match change.state:
            case LinkState.CONNECTING:
                self._publisher.note(qr_code=None)
                self._publisher.show(ConnectionState.CONNECTING)
            case LinkState.PAIRED:
                self._pairing.scanned()
                self._watchdog.await_report()
            case LinkState.OPEN:
                await self._opened(change)
            case LinkState.DRAINED:
                self.offline_queue.record_drained(self.generation)
            case LinkState.CLOSED:
                if change.trouble:
                    self._deps.bus.publish(ProblemReported(change.trouble))
                await self._closed(Close(change.code, change.cause, change.expires_in, change.trouble))

    async def _opened(self, change: LinkChanged) -> None:
        if self.relink.refuses(change.phone or self._stored.data.phone):
            await self.relink.unlink_refused()
            await self._forget_session()
            self._end(OTHER_NUMBER)
            return
        self._deps.reconnect.opened()
        self._deps.last_response.begin()
        self._pairing.over()
        self.relink.record_linked(change.phone)
        now = self._deps.clock.now()
        self._publisher.note(last_connected=now, phone=change.phone or self._publisher.now.phone)
        self._publisher.show(ConnectionState.CONNECTED)
        self.offline_queue.record_open(self.generation)

    async def _closed(self, close: Close) -> None:
        after, reason = self._deps.reconnect.follow(close, qr_shown=self._pairing.was_offered)
        self.offline_queue.record_closed()
        self._deps.last_response.forget()
        self._publisher.note(qr_code=None)
        if not self._wanted:
            # A reason published before the disconnect must outlast the close event.
            if self._publisher.now.reason is None:
                self._rest()
            return
        self._publisher.note(code=close.code, until=self._deps.reconnect.banned_until)
        if after is AfterClose.FINAL or self._pairing.ends_with(after):
            self._end(self._pairing.why(reason))
            return
        if reason == OUTDATED:
            self._deps.client_versions.record_outdated()
        self._connect_later(close, after, reason or close.trouble)

    def _connect_later(self, close: Close, after: AfterClose, reason: str | None) -> None:
        self._publisher.show(state_before(after), reason)
        self._deps.tasks.start(self._connect_after(close, after, self.generation), "reconnect")

    async def _connect_after(self, close: Close, after: AfterClose, generation: int) -> None:
        """Connect after the pause, unless another connection was begun meanwhile."""
        await self._deps.reconnect.pause(close, after)
        await self.renew(generation)

    async def _connect(self) -> None:
        self._wanted = True
        self.generation += 1
        self._deps.last_response.forget()
        self._pairing.connecting()
        self._publisher.show(ConnectionState.CONNECTING)
        self._watchdog.await_report()
        try:
            await self._messenger.connect(self._stored.data, await self._deps.client_versions.choice())
        except CredentialsUnreadableError:
            _log.error(CREDENTIALS_UNREADABLE, extra={"session": self._session_id})
            self._end(CREDENTIALS_UNREADABLE)
        except CocoLokoError as error:
            if error.code not in REMEDIES:
                self._deps.bus.publish(ProblemReported(error.code))
            await self._closed(Close(trouble=error.code if error.code in REMEDIES else None))

    async def _socket_silent(self) -> None:
        """Treat a silent socket as closed; its successor ends it."""
        if self._publisher.claimed is ConnectionState.CONNECTING:
            await self._closed(Close())

    async def _give_up_pairing(self, reason: str) -> None:
        self._wanted = False
        self.generation += 1
        try:
            await self._messenger.disconnect(self._session_id)
        except CocoLokoError as error:
            self._deps.bus.publish(ProblemReported(error.code))
        finally:
            self._end(reason)

    async def _forget_session(self) -> None:
        await self._stored.forget()
        self._deps.reconnect.forget_ban()
        self._publisher.note(phone=None)

    def _end(self, reason: str | None) -> None:
        """Stop for good: only a person can continue from here."""
        self._wanted = False
        self._pairing.over()
        state = ConnectionState.BLOCKED if self._stored.data.paired else ConnectionState.UNPAIRED
        self._publisher.show(state, reason)

    def _rest(self) -> None:
        """Publish that no connection is wanted, and clear the state of the last one."""
        self._deps.last_response.forget()
        self._pairing.over()
        state = ConnectionState.DISCONNECTED if self._stored.data.paired else ConnectionState.UNPAIRED
        self._publisher.show(state)

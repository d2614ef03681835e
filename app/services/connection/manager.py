"""One WhatsApp session: restored, paired, kept connected, and told about."""

import logging
from collections.abc import Callable
from datetime import timedelta

from app.domain.errors import (
    CocoLokoError,
    CredentialsUnreadableError,
    NotAllowedNowError,
    PairingCodeRefusedError,
    WrongKeyError,
)
from app.domain.events import ConnectionChanged, ProblemReported
from app.domain.phone import Phone
from app.domain.remedy import REMEDIES
from app.domain.session import (
    CREDENTIALS_UNREADABLE,
    OUTDATED,
    REPORTS_WITHIN,
    AfterClose,
    ConnectionState,
    ConnectionStatus,
    QrCode,
    SessionData,
)
from app.ports.messenger import LinkChanged, LinkState, Pulse
from app.services.connection.dependencies import ConnectionDependencies
from app.services.connection.offline_queue_tracker import OfflineQueueTracker
from app.services.connection.pairing import Pairing
from app.services.connection.reconnect import state_before
from app.services.connection.stored_session import StoredSession

_log = logging.getLogger(__name__)


class WhatsAppConnectionManager:
    """Policy of the connection; the messenger only does as it is told."""

    def __init__(self, given: ConnectionDependencies) -> None:
        self._given = given
        self._messenger, self._status = given.messenger, given.publisher
        self._session_id = self._status.now.session_id
        self._stored = StoredSession(self._session_id, given.store, given.clock, given.tasks)
        self._pairing = Pairing(given.messenger, given.clock, given.tasks, given.publisher)
        self._wanted = False
        self.generation = self._reports = 0
        """Number of the present connection of this session."""

    async def initialize(self) -> None:
        """Connect where a session is paired; else say so and wait for somebody to pair it.

        Credentials that do not open are no reason for the program to end: what waits is kept until they are made anew.
        """
        try:
            paired, reason = await self.restore_session(), None
        except WrongKeyError:
            _log.error(CREDENTIALS_UNREADABLE, extra={"session": self._session_id})
            paired, reason = False, CREDENTIALS_UNREADABLE
        if paired:
            await self._connect()
        else:
            self._status.show(ConnectionState.UNPAIRED, reason)

    def get_connection_status(self) -> ConnectionStatus:
        return self._status.now

    def on_connection_update(self, callback: Callable[[ConnectionStatus], None]) -> Callable[[], None]:
        """Call back with every new status of this session; returns the way to stop that."""

        def tell(event: ConnectionChanged) -> None:
            if event.status.session_id == self._session_id:
                callback(event.status)

        return self._given.bus.subscribe(ConnectionChanged, tell)

    async def restore_session(self) -> bool:
        """Take the stored credentials; whether they are of a paired session (S2). Raises WrongKeyError."""
        restored = await self._stored.restore()
        if restored:
            self._status.note(phone=self._stored.data.phone)
        return restored

    async def save_session(self, session: SessionData) -> None:
        """Credentials are on disk when this returns; where they could not be written, they are in memory."""
        await self._stored.save(session)

    async def pair(self, *, by_code: bool = False) -> None:
        """Start over as a new device; an abandoned attempt leaves nothing that could be taken for a session."""
        state = self._status.now.state
        if self._stored.data.paired and state is not ConnectionState.BLOCKED:
            raise NotAllowedNowError(state=state)  # a network that is down is no reason to lose a session
        await self._forget_session()
        self._given.reconnect.reset()
        self._pairing.begin(by_code=by_code)
        await self._connect()

    async def pair_by_code(self, phone: Phone) -> None:
        """As `pair`, for a phone that types eight characters instead of scanning (S1).

        The code appears in the status; raises PairingCodeRefusedError, and the status says why.
        """
        await self.pair(by_code=True)
        generation = self.generation
        reason = await self._pairing.ask_code(phone, self._give_up_pairing)
        if reason and generation == self.generation:
            await self._give_up_pairing(reason)
            raise PairingCodeRefusedError

    async def pairing_refused(self, reason: str) -> None:
        """WhatsApp wants of this account what a linked device cannot give: another code would not help either."""
        if self._status.now.pairing:
            await self._give_up_pairing(reason)

    async def reconnect(self) -> None:
        """Replace the connection now, for it is not to be trusted or a person asked."""
        self._given.reconnect.reset()
        await self._connect()

    async def renew(self, generation: int) -> None:
        """Replace the connection of this generation, which is dead."""
        if self._wanted and generation == self.generation:
            await self._connect()

    async def recycle(self, patience: timedelta) -> None:
        """Let a new Node process take over once nothing is in flight; nothing is begun meanwhile."""
        generation = self.generation
        self._status.show(ConnectionState.CONNECTING)
        done = await self._messenger.recycle(self._session_id, patience)
        if not self._wanted or generation != self.generation:
            return
        if done:
            await self._connect()
        elif self._status.claimed is ConnectionState.CONNECTING:
            self._status.show(ConnectionState.CONNECTED)

    async def disconnect(self) -> None:
        """Also the way to give a pairing up."""
        self._wanted = False
        self.generation += 1
        await self._messenger.disconnect(self._session_id)
        self._rest()

    async def logout(self) -> None:
        """Unlink the device at WhatsApp and forget the session."""
        self._wanted = False
        try:
            await self._messenger.logout(self._session_id)
        except CocoLokoError:
            self._wanted = True
            raise
        await self._forget_session()
        self._rest()

    @property
    def offline_queue(self) -> OfflineQueueTracker:
        """Tracker of what waited at WhatsApp while the shop was away."""
        return self._given.offline_queue

    @property
    def is_answerable(self) -> bool:
        """Whether WhatsApp can be asked something over the present connection."""
        return self.is_open or self._pairing.is_offered

    @property
    def is_open(self) -> bool:
        """By its own word."""
        return self._status.claimed is ConnectionState.CONNECTED

    @property
    def is_dead(self) -> bool:
        """Open by its own word, and without any answer for too long."""
        return self.is_open and self._given.last_response.is_dead

    async def record_pulse(self, pulse: Pulse) -> None:
        """WhatsApp has answered over the present connection."""
        if pulse.proved is not None and self.is_open:
            self._status.record_response(pulse.proved, pulse.round_trip)
            await self._given.client_versions.record_good(pulse.client_version)

    def check(self) -> timedelta | None:
        """Let the lamp go out where the last proof has become too old; returns for how long it may stay green."""
        self._status.publish_if_changed()
        return self._given.last_response.alive_left

    def qr_shown(self, qr: QrCode) -> None:
        self._reports += 1
        if self._wanted:
            self._pairing.offered(qr)

    async def link_changed(self, change: LinkChanged) -> None:
        if change.state is not LinkState.CONNECTING:
            self._reports += 1
        match change.state:
            case LinkState.CONNECTING:
                self._status.note(qr_code=None)
                self._status.show(ConnectionState.CONNECTING)
            case LinkState.PAIRED:
                self._pairing.scanned()
                self._await_report()
            case LinkState.OPEN:
                self._opened(change)
            case LinkState.DRAINED:
                self._given.offline_queue.record_drained(self.generation)
            case LinkState.CLOSED:
                if change.trouble:
                    self._given.bus.publish(ProblemReported(change.trouble))
                await self._closed(change.code, change.trouble)

    def _opened(self, change: LinkChanged) -> None:
        self._given.reconnect.opened()
        self._given.last_response.begin()
        self._pairing.over()
        now = self._given.clock.now()
        self._status.note(last_connected=now, phone=change.phone or self._status.now.phone)
        self._status.show(ConnectionState.CONNECTED)
        self._given.offline_queue.record_open(self.generation)

    async def _closed(self, code: int | None, trouble: str | None = None) -> None:
        reconnect = self._given.reconnect
        reconnect.closed(code)
        self._given.offline_queue.record_closed()
        self._given.last_response.forget()
        self._status.note(qr_code=None)
        if not self._wanted:
            # Why it was ended stays said when its end is told.
            if self._status.now.reason is None:
                self._rest()
            return
        after, reason = reconnect.follows(code, qr_shown=self._pairing.was_offered)
        if after is AfterClose.FINAL or self._pairing.awaits_typing:
            self._end(self._pairing.why(reason))
            return
        if reason == OUTDATED:
            self._given.client_versions.record_outdated()
        self._status.show(state_before(after), reason or trouble)
        self._given.tasks.start(self._connect_after(reconnect.pause(after), self.generation), "reconnect")

    async def _connect_after(self, delay: timedelta, generation: int) -> None:
        """Another try, unless somebody else has tried meanwhile."""
        await self._given.clock.sleep(delay)
        await self.renew(generation)

    async def _connect(self) -> None:
        self._wanted = True
        self.generation += 1
        self._given.last_response.forget()
        self._pairing.connecting()
        self._status.show(ConnectionState.CONNECTING)
        self._await_report()
        try:
            await self._messenger.connect(self._stored.data, await self._given.client_versions.choice())
        except CredentialsUnreadableError:
            _log.error(CREDENTIALS_UNREADABLE, extra={"session": self._session_id})
            self._end(CREDENTIALS_UNREADABLE)
        except CocoLokoError as error:
            if error.code not in REMEDIES:
                self._given.bus.publish(ProblemReported(error.code))
            await self._closed(None, error.code if error.code in REMEDIES else None)

    def _await_report(self) -> None:
        """A new socket has to say something soon, and one that has paired has to close."""
        self._reports += 1
        self._given.tasks.start(self._reports_at_last(self._reports), "connect_watchdog")

    async def _reports_at_last(self, heard: int) -> None:
        """A socket that never says anything is as good as closed; its successor ends it."""
        await self._given.clock.sleep(REPORTS_WITHIN)
        if heard == self._reports and self._status.claimed is ConnectionState.CONNECTING:
            await self._closed(None)

    async def _give_up_pairing(self, reason: str) -> None:
        self._wanted = False
        self.generation += 1
        try:
            await self._messenger.disconnect(self._session_id)
        except CocoLokoError as error:
            self._given.bus.publish(ProblemReported(error.code))
        finally:
            self._end(reason)

    async def _forget_session(self) -> None:
        await self._stored.forget()
        self._status.note(phone=None)

    def _end(self, reason: str | None) -> None:
        """Only a person can go on from here."""
        self._wanted = False
        self._pairing.over()
        self._show_closed(ConnectionState.BLOCKED, reason)

    def _rest(self) -> None:
        """Nobody wants a connection: say so, and forget what only a connection had."""
        self._given.last_response.forget()
        self._pairing.over()
        self._show_closed(ConnectionState.DISCONNECTED)

    def _show_closed(self, paired: ConnectionState, reason: str | None = None) -> None:
        self._status.show(paired if self._stored.data.paired else ConnectionState.UNPAIRED, reason)

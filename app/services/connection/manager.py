"""One WhatsApp session: restored, paired, kept connected, and told about."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from app.domain.errors import CocoLokoError, NotAllowedNowError, WrongKeyError
from app.domain.events import ConnectionChanged, OfflineQueueDrained, TroubleReported
from app.domain.identifiers import SessionId
from app.domain.session import (
    CREDENTIALS_UNREADABLE,
    AfterClose,
    ConnectionStatus,
    Lamp,
    PairingStep,
    QrCode,
    SessionData,
    after_close,
)
from app.ports.clock import Clock
from app.ports.messenger import LinkChanged, LinkState, Messenger
from app.ports.store import Store
from app.services.connection.reconnect import Reconnect
from app.services.event_bus import EventBus
from app.services.lifecycle import Tasks

_log = logging.getLogger(__name__)

# WhatsApp says when the offline queue is empty; should it forget to, doubts must not wait for ever.
_DRAINED_WITHIN = timedelta(seconds=5)


class WhatsAppConnectionManager:
    """Policy of the connection; the messenger only does as it is told."""

    def __init__(
        self,
        session_id: SessionId,
        store: Store,
        messenger: Messenger,
        bus: EventBus,
        clock: Clock,
        tasks: Tasks,
        reconnect: Reconnect,
    ) -> None:
        self._store, self._messenger, self._bus = store, messenger, bus
        self._clock, self._tasks, self._reconnect = clock, tasks, reconnect
        self._session = SessionData(session_id, credentials="", paired=False)
        self._status = ConnectionStatus(session_id)
        self._told: ConnectionStatus | None = None
        self._wanted = False
        self._qr_was_shown = False
        self._tries = 0
        self._open_try = self._drained_try = self._told_drained_try = 0

    async def initialize(self) -> None:
        """Connect where a session is paired; else say so and wait for somebody to pair it.

        Credentials that do not open are no reason for the program to end: what waits is kept until they are made anew.
        """
        try:
            paired, reason = await self.restore_session(), None
        except WrongKeyError:
            _log.error(CREDENTIALS_UNREADABLE, extra={"session": self._status.session_id})
            paired, reason = False, CREDENTIALS_UNREADABLE
        if paired:
            await self._connect()
        else:
            self._show(Lamp.UNPAIRED, reason)

    def get_connection_status(self) -> ConnectionStatus:
        return self._status

    def on_connection_update(self, callback: Callable[[ConnectionStatus], None]) -> Callable[[], None]:
        """Call back with every new status of this session; returns the way to stop that."""

        def tell(event: ConnectionChanged) -> None:
            if event.status.session_id == self._status.session_id:
                callback(event.status)

        return self._bus.subscribe(ConnectionChanged, tell)

    async def restore_session(self) -> bool:
        """Take the stored credentials; whether they are of a paired session (S2). Raises WrongKeyError."""
        session_id = self._status.session_id
        kept = await self._store.read(lambda rows: rows.sessions.get(session_id))
        if kept and kept.paired:
            self._session = kept
            self._status = replace(self._status, phone=kept.phone)
            return True
        return False

    async def save_session(self, session: SessionData) -> None:
        """Credentials are on disk when this returns; losing them means pairing again."""
        await self._store.transact(lambda rows: rows.sessions.save(session))
        self._session = session

    async def pair(self) -> None:
        """Start over as a new device; an abandoned attempt leaves nothing that could be taken for a session."""
        session_id = self._status.session_id
        if self._session.paired and self._status.lamp is not Lamp.BLOCKED:
            raise NotAllowedNowError(
                state=self._status.lamp
            )  # a network that is down is no reason to lose a session
        await self._store.transact(lambda rows: rows.sessions.wipe(session_id))
        self._session = SessionData(session_id, credentials="", paired=False)
        self._reconnect.reset()
        self._status = replace(self._status, pairing=PairingStep.PREPARING, phone=None)
        await self._connect()

    async def reconnect(self) -> None:
        """Replace the connection now, for it is not to be trusted or a person asked."""
        self._reconnect.reset()
        await self._connect()

    async def disconnect(self) -> None:
        """Also the way to give a pairing up."""
        self._wanted = False
        self._tries += 1
        await self._messenger.disconnect(self._status.session_id)
        self._rest()

    async def logout(self) -> None:
        """Unlink the device at WhatsApp and forget the session."""
        self._wanted = False
        session_id = self._status.session_id
        try:
            await self._messenger.logout(session_id)
        except CocoLokoError:
            self._wanted = True
            raise
        await self._store.transact(lambda rows: rows.sessions.wipe(session_id))
        self._session = SessionData(session_id, credentials="", paired=False)
        self._status = replace(self._status, phone=None)
        self._rest()

    def qr_shown(self, qr: QrCode) -> None:
        self._qr_was_shown = True
        self._status = replace(self._status, qr_code=qr, pairing=PairingStep.AWAITING_SCAN)
        self._show(Lamp.UNPAIRED)

    async def link_changed(self, change: LinkChanged) -> None:
        match change.state:
            case LinkState.CONNECTING:
                self._status = replace(self._status, qr_code=None)
                self._show(Lamp.CONNECTING)
            case LinkState.PAIRED:
                self._status = replace(self._status, qr_code=None, pairing=PairingStep.SCANNED)
                self._show(Lamp.CONNECTING)
            case LinkState.OPEN:
                self._opened(change)
            case LinkState.DRAINED:
                self._drained_try = self._tries
                self._tell_drained()
            case LinkState.CLOSED:
                if change.trouble:
                    self._bus.publish(TroubleReported(change.trouble))
                await self._closed(change.code)

    def _opened(self, change: LinkChanged) -> None:
        self._reconnect.opened()
        self._open_try = self._tries
        self._status = replace(
            self._status,
            qr_code=None,
            pairing=None,
            last_connected=self._clock.now(),
            phone=change.phone or self._status.phone,
        )
        self._show(Lamp.CONNECTED)
        self._tell_drained()
        self._tasks.start(self._drained_at_last(self._tries), "drained_at_last")

    async def _drained_at_last(self, this_try: int) -> None:
        await self._clock.sleep(_DRAINED_WITHIN)
        if this_try == self._tries and self._status.is_connected:
            self._drained_try = this_try
            self._tell_drained()

    def _tell_drained(self) -> None:
        """Once per connection, when it is open and empty, in whichever order these two were told."""
        if self._open_try == self._drained_try == self._tries != self._told_drained_try:
            self._told_drained_try = self._tries
            self._bus.publish(OfflineQueueDrained(self._status.session_id))

    async def _closed(self, code: int | None) -> None:
        self._reconnect.closed()
        self._status = replace(self._status, qr_code=None)
        if not self._wanted:
            self._rest()
            return
        after, reason = after_close(code, qr_shown=self._qr_was_shown)
        if after is AfterClose.FINAL:
            self._wanted = False
            self._status = replace(self._status, pairing=None)
            self._show(Lamp.BLOCKED if self._session.paired else Lamp.UNPAIRED, reason)
            return
        delay = timedelta(0) if after is AfterClose.AT_ONCE else self._reconnect.delay()
        self._show(Lamp.CONNECTING if after is AfterClose.AT_ONCE else Lamp.DISCONNECTED)
        self._tasks.start(self._connect_after(delay, self._tries), "reconnect")

    async def _connect_after(self, delay: timedelta, tries: int) -> None:
        """Another try, unless somebody else has tried meanwhile."""
        await self._clock.sleep(delay)
        if self._wanted and tries == self._tries:
            await self._connect()

    async def _connect(self) -> None:
        self._wanted = True
        self._qr_was_shown = False
        self._tries += 1
        if self._status.pairing is PairingStep.SCANNED:
            self._status = replace(self._status, pairing=PairingStep.CONNECTING)
        self._show(Lamp.CONNECTING)
        try:
            await self._messenger.connect(self._session)
        except CocoLokoError as error:
            self._bus.publish(TroubleReported(error.code))
            await self._closed(None)

    def _rest(self) -> None:
        """Nobody wants a connection: say so, and forget what only a connection had."""
        self._status = replace(self._status, qr_code=None, pairing=None)
        self._show(Lamp.DISCONNECTED if self._session.paired else Lamp.UNPAIRED)

    def _show(self, lamp: Lamp, reason: str | None = None) -> None:
        self._status = replace(self._status, lamp=lamp, reason=reason)
        if self._status != self._told:
            self._told = self._status
            self._bus.publish(ConnectionChanged(self._status))

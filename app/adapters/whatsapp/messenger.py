"""Messenger port over Node processes, one per WhatsApp session."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from app.adapters.whatsapp import wire_messages as wire
from app.adapters.whatsapp import wire_vocabulary as words
from app.adapters.whatsapp.addresses import jid_of
from app.adapters.whatsapp.failure_mapping import answers_of, error_of, outcome_of, outcome_of_failure
from app.adapters.whatsapp.node_command import NodeCommand
from app.adapters.whatsapp.rpc_peer import NoAnswerError, RefusedError
from app.adapters.whatsapp.session_link import SessionDependencies, SessionLink
from app.adapters.whatsapp.sidecar import Sidecar
from app.domain.account import CouldNotAsk, NumberAnswer
from app.domain.attempt import Outcome, Rejected, RejectionKind
from app.domain.errors import CocoLokoError, NotConnectedError, SidecarGoneError
from app.domain.identifiers import MessageId, SessionId
from app.domain.lid import Address
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.domain.settings import Browser
from app.ports.clock import Clock
from app.ports.messenger import (
    ANY_VERSION,
    ClientVersion,
    LinkChanged,
    LinkState,
    MessengerListener,
    Pulse,
)
from app.ports.store import Store

WRITE_WITHIN = timedelta(seconds=10)
ACK_TIMEOUT = timedelta(seconds=15)
GRACE = timedelta(seconds=5)
# Bound of the whole stop, most of it for the delivery of queued events; the services cancel it a second later.
STOP_WITHIN = timedelta(seconds=7)
LAST_SEND = timedelta(seconds=2)
LAST_WORDS = timedelta(seconds=1.5)

P = TypeVar("P", bound=wire.WireMessage)
R = TypeVar("R")


class WhatsAppMessenger:
    """Messenger of all sessions; `connection_timeout` is CONNECTION_TIMEOUT_MS.

    With `simulated_url`, connections go to that loopback address alone. `browser` is the program that WhatsApp takes
    us for. `system_certificates` lets Node trust the system's certificates after TLS has refused a server without them.
    """

    def __init__(
        self,
        *,
        command: NodeCommand,
        store: Store,
        clock: Clock,
        log: logging.Logger,
        connection_timeout: timedelta,
        simulated_url: str | None = None,
        browser: Browser = "windows_chrome",
        system_certificates: bool = False,
    ) -> None:
        self._command = command
        self._store = store
        self._clock = clock
        self._log = log
        self._timeout = connection_timeout
        self._simulated_url = simulated_url
        self._browser: Browser = browser
        self._system_certificates = system_certificates
        self._shared: SessionDependencies | None = None
        self._links: dict[SessionId, SessionLink] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def start(self, listener: MessengerListener) -> None:
        """Check the sidecar's files; raises SidecarMissingError.

        The processes themselves start with each session's first `connect`.
        """
        self._command.check()
        self._shared = SessionDependencies(self._command, self._store, listener, self._clock, self._log)

    async def stop(self) -> None:
        """Stop all sessions within STOP_WITHIN; a cancelled stop leaves no child behind."""
        until = self._clock.steady() + STOP_WITHIN
        try:
            sends = [self._clock.wait(link.sends.over, LAST_SEND) for link in self._links.values()]
            await asyncio.gather(*sends)
        finally:
            links, self._links, self._shared = self._links, {}, None
            await asyncio.gather(*(self._end(link) for link in links.values()))
        ended = asyncio.Event()
        ending = asyncio.gather(*self._running, return_exceptions=True)
        ending.add_done_callback(lambda _: ended.set())
        if not await self._clock.wait(ended, max(until - self._clock.steady(), timedelta(0))):
            ending.cancel()

    async def connect(self, session: SessionData, version: ClientVersion = ANY_VERSION) -> None:
        link = self._link(session.session_id)
        sidecar = await link.supervisor.ready()
        timeout_ms = self._timeout // timedelta(milliseconds=1)
        params = wire.ConnectParams(
            generation=link.next_generation(),
            credentials=session.credentials or None,
            simulated_url=self._simulated_url,
            connect_timeout_ms=timeout_ms,
            query_timeout_ms=timeout_ms,
            browser=self._browser,
            version=version.exact,
            known_version=version.known,
            look_up_version=version.look_up and self._simulated_url is None,
            system_certificates=self._system_certificates,
        )
        try:
            await self._ask(sidecar, words.CONNECT, params)
        except CocoLokoError as failure:
            link.forget_connection()
            if isinstance(failure, NoAnswerError):
                await sidecar.stop()
            raise

    async def disconnect(self, session_id: SessionId) -> None:
        link = self._links.get(session_id)
        if link and link.supervisor.current:
            await self._ask(link.supervisor.current, words.DISCONNECT, wire.EmptyParams())

    async def logout(self, session_id: SessionId) -> None:
        await self._ask(self._sidecar(session_id), words.LOGOUT, wire.EmptyParams())

    async def pairing_code(self, session_id: SessionId, phone: Phone) -> str:
        params = wire.PairingCodeParams(number=phone.number)
        return (await self._ask(self._sidecar(session_id), words.PAIRING_CODE, params)).code

    async def find_number(self, session_id: SessionId, forms: Sequence[Phone]) -> NumberAnswer:
        (answer,) = await self.find_numbers(session_id, [forms])
        return answer

    async def find_numbers(
        self, session_id: SessionId, customers: Sequence[Sequence[Phone]]
    ) -> Sequence[NumberAnswer]:
        params = wire.FindNumbersParams(customers=[[form.number for form in forms] for forms in customers])
        try:
            found = await self._ask(self._sidecar(session_id), words.FIND_NUMBERS, params)
        except NoAnswerError:
            return [CouldNotAsk("timeout")] * len(customers)
        return answers_of(found, customers)

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
        link = self._links.get(session_id)
        sidecar = link.supervisor.current if link else None
        if link is None or sidecar is None or sidecar.peer.gone:
            return Rejected(RejectionKind.NOT_CONNECTED)
        # The ack timeout counts from the write. With the write bounded, the sidecar neither sends nor awaits an
        # ack after we have called the message in doubt.
        latest = min(not_after, self._clock.steady() + WRITE_WITHIN)
        params = wire.SendTextParams(
            jid=jid,
            text=text,
            message_id=message_id,
            not_after=sidecar.steady_ms(latest),
            ack_timeout_ms=ACK_TIMEOUT // timedelta(milliseconds=1),
            noted=noted,
            expiration_s=expiration_s,
        )
        with link.sends.one():
            outcome = await self._send(sidecar, params, partial(link.answered_late, message_id))
            await link.keys_taken_up()
            return outcome

    async def mark_read(
        self, session_id: SessionId, customer: Address, message_ids: Sequence[MessageId]
    ) -> None:
        params = wire.MarkReadParams(jid=jid_of(customer), message_ids=list(message_ids))
        await self._ask(self._sidecar(session_id), words.MARK_READ, params)

    async def refresh_session(self, session_id: SessionId, jids: Sequence[str]) -> None:
        params = wire.RefreshSessionParams(jids=list(jids))
        await self._ask(self._sidecar(session_id), words.REFRESH_SESSION, params)

    async def ping(self, session_id: SessionId, patience: timedelta = timedelta(0)) -> Pulse:
        return await self._sidecar(session_id).ping(patience)

    async def is_reachable(self, session_id: SessionId, patience: timedelta) -> bool:
        params = wire.ReachServerParams(
            simulated_url=self._simulated_url, timeout_ms=patience // timedelta(milliseconds=1)
        )
        return (await self._ask(self._sidecar(session_id), words.REACH_SERVER, params)).reachable

    async def recycle(self, session_id: SessionId, at_most: timedelta) -> bool:
        link = self._links.get(session_id)
        if link is None:
            return True
        if not await self._clock.wait(link.sends.over, at_most) or not link.sends.over.is_set():
            return False
        link.next_generation()
        link.forget_connection()
        await link.supervisor.replace(self._disconnect_bounded)
        return True

    async def _send(
        self, sidecar: Sidecar, params: wire.SendTextParams, late: Callable[[wire.SendTextOutcome], None]
    ) -> Outcome:
        try:
            return outcome_of(
                await sidecar.peer.ask(words.SEND_TEXT, params, WRITE_WITHIN + ACK_TIMEOUT + GRACE, late)
            )
        except SidecarGoneError as failure:
            return outcome_of_failure(failure)

    async def _ask(self, sidecar: Sidecar, method: words.Method[P, R], params: P) -> R:
        """Send a request, bounded by the sidecar's own query timeout and a grace period."""
        try:
            return await sidecar.peer.ask(method, params, self._timeout + GRACE)
        except RefusedError as refusal:
            raise error_of(refusal) from None

    async def _end(self, link: SessionLink) -> None:
        """End a session, its connection first: the sidecar answers once its key writes are on our disk."""
        link.next_generation()
        try:
            if link.supervisor.current:
                await self._disconnect_bounded(link.supervisor.current)
        finally:
            await link.supervisor.stop()

    async def _disconnect_bounded(self, sidecar: Sidecar) -> None:
        with contextlib.suppress(SidecarGoneError):
            await sidecar.peer.ask(words.DISCONNECT, wire.EmptyParams(), LAST_WORDS)

    def _sidecar(self, session_id: SessionId) -> Sidecar:
        link = self._links.get(session_id)
        if link is None:
            raise NotConnectedError
        if link.supervisor.current is None:
            raise SidecarGoneError
        return link.supervisor.current

    def _link(self, session_id: SessionId) -> SessionLink:
        if self._shared is None:
            raise SidecarGoneError
        link = self._links.get(session_id)
        if link is None:
            link = self._links[session_id] = SessionLink(session_id, self._shared)
            task = self._run(link.run())
            task.add_done_callback(partial(self._ended, link))
        return link

    def _run(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _ended(self, link: SessionLink, task: "asyncio.Task[None]") -> None:
        """Report a failed link as a lost connection; the next `connect` makes a new link (Z2)."""
        if task.cancelled() or not (failure := task.exception()):
            return
        self._log.error("a session's sidecar is supervised no more: %s", type(failure).__name__)
        if self._shared and self._links.get(link.session_id) is link:
            del self._links[link.session_id]
            self._run(self._lost(link, self._shared.listener))

    async def _lost(self, link: SessionLink, listener: MessengerListener) -> None:
        await link.supervisor.abandon()
        await listener.link_changed(LinkChanged(link.session_id, LinkState.CLOSED))

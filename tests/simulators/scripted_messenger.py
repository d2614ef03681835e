"""A WhatsApp in memory that keeps the messenger's contract and answers as a test says."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from app.domain import errors
from app.domain.attempt import Accepted, Outcome, Rejected, RejectionKind
from app.domain.close_policy import CloseCause
from app.domain.identifiers import MessageId, SessionId
from app.domain.phone import Phone
from app.domain.receipt import Evidence, Receipt
from app.domain.session import SessionData
from app.ports.chat_timers import ChatTimer
from app.ports.inbound import Inbound, UnreadMessage
from app.ports.messenger import ANY_VERSION, ClientVersion, LinkChanged, LinkState, MessengerListener
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.scripted_process import ScriptedProcess
from tests.simulators.sends_in_flight import Send, SendsInFlight


def unread_of(inbound: Inbound) -> UnreadMessage:
    """As its stanza names the writer."""
    addresses = (inbound.phone, inbound.lid)
    return UnreadMessage(inbound.message_id, tuple(each for each in addresses if each))


@dataclass
class ScriptedMessenger(ScriptedProcess):
    """Implements ports.messenger.Messenger. Set what it shall answer, read what it was asked."""

    outcomes: deque[Outcome | Exception] = field(default_factory=deque)
    """Answers of the next sends, in order; when there is none, Accepted."""
    auto_receipts: tuple[Evidence, ...] = ()
    """Receipts that follow each arrived send by themselves, after it has been answered."""
    lost_acks: int = 0
    """How many of the next sends arrive and are not answered."""
    opens: bool = True
    """Whether `connect` is followed by connecting, open, drained."""
    tells_time: bool = True
    """Whether WhatsApp says at each login what time it is; its own clock is right."""
    refuses_code: bool = False
    logout_error: Exception | None = None
    connect_error: Exception | None = None
    login_refusals: deque[LinkChanged] = field(default_factory=deque)
    """Closes of the next logins, in order."""

    sends: list[Send] = field(default_factory=list)
    arrived: list[Send] = field(default_factory=list)
    """Those of `sends` that WhatsApp took."""
    versions: list[ClientVersion] = field(default_factory=list)
    recycled: list[SessionId] = field(default_factory=list)
    connects: list[SessionData] = field(default_factory=list)
    refreshed: list[tuple[str, ...]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.gate = (
            asyncio.Event()
        )  # while cleared, sends are recorded but not answered, and in doubt after 15 s
        self.gate.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.in_flight = SendsInFlight(self.clock)
        self._running: set[SessionId] = set()
        self._unlinked: set[str] = set()
        self._waiting: list[tuple[SessionId, Receipt | Inbound | ChatTimer]] = []
        self._unread_histories: list[SessionId] = []

    async def emit(
        self, happening: LinkChanged | Receipt | Inbound | ChatTimer, session_id: SessionId | None = None
    ) -> None:
        """Tell the listener, as if WhatsApp had; returns when it has been told."""
        match happening:
            case LinkChanged():
                await self._link(happening)
            case Receipt():
                await self.listener.receipts_arrived(session_id or SessionId("main"), [happening])
            case Inbound():
                await self.listener.inbound_arrived(happening)
            case ChatTimer():
                await self.listener.timers_seen(session_id or SessionId("main"), [happening])

    async def deliver(self, session_id: SessionId, happening: Receipt | Inbound | ChatTimer) -> None:
        """As WhatsApp does: what cannot be told now, or is not kept by the listener, is told after the next login."""
        if session_id not in self.open_sessions:
            self._waiting.append((session_id, happening))
            return
        try:
            await self.emit(happening, session_id)
        except Exception:  # noqa: BLE001 - whatever kept the listener from keeping it
            self._waiting.append((session_id, happening))

    async def read_history(self, session_id: SessionId) -> None:
        """The chats that the shop's phone pushed are read, at once or after the next login."""
        if session_id in self.open_sessions:
            await self.listener.history_read(session_id)
        else:
            self._unread_histories.append(session_id)

    async def die(self) -> None:
        """The program that speaks to WhatsApp dies."""
        for session_id in tuple(self._running):
            self.in_flight.lose(session_id, "sidecar_gone")
            await self._link(LinkChanged(session_id, LinkState.CLOSED))

    async def start(self, listener: MessengerListener) -> None:
        self.calls.append("start")
        self._listener = listener

    async def stop(self) -> None:
        self.calls.append("stop")
        for session_id in self._connections:
            self.in_flight.lose(session_id, "socket_closed")
        self.open_sessions.clear()
        self._connections.clear()
        self._running.clear()
        self._listener = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def connect(self, session: SessionData, version: ClientVersion = ANY_VERSION) -> None:
        if self._listener is None:
            raise errors.SidecarGoneError
        self.connects.append(session)
        self.versions.append(version)
        if self.connect_error or session.credentials == "[]":
            raise self.connect_error or errors.CredentialsUnreadableError
        session_id = session.session_id
        self.in_flight.lose(session_id, "socket_closed")
        self.open_sessions.discard(session_id)
        self._connections[session_id] = session
        self._running.add(session_id)
        if self.opens:
            self._later(self._open(session))

    async def disconnect(self, session_id: SessionId) -> None:
        self.calls.append("disconnect")
        await self._end(session_id)

    async def logout(self, session_id: SessionId) -> None:
        self.calls.append("logout")
        if self.logout_error:
            raise self.logout_error
        self._need_open(session_id)
        self._unlinked.add(self._connections[session_id].credentials)
        await self._end(session_id)

    async def pairing_code(self, session_id: SessionId, phone: Phone) -> str:  # noqa: ARG002 - the port's signature
        self.calls.append("pairing_code")
        if session_id not in self._running or self._connections[session_id].paired:
            raise errors.NotConnectedError
        if self.refuses_code:
            raise errors.PairingCodeRefusedError
        return "ABCD1234"

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
        if session_id not in self.open_sessions:
            return Rejected(RejectionKind.NOT_CONNECTED)
        if message_id in self.in_flight:
            return Rejected(RejectionKind.REFUSED)
        if self.clock.steady() >= not_after:
            return Rejected(RejectionKind.TOO_LATE)
        if await self.in_flight.is_late(not_after):
            return Rejected(RejectionKind.TOO_LATE)
        may_leave = noted or await self.listener.about_to_write(message_id)
        if not may_leave or session_id not in self.open_sessions:
            return Rejected(RejectionKind.NOT_CONNECTED)
        self.hand(send := Send(session_id, jid, text, message_id, not_after, expiration_s))
        answer = self.gate
        if self.lost_acks:
            self.lost_acks -= 1
            self._arrive(send)
            answer = asyncio.Event()
        if not answer.is_set() and (doubt := await self.in_flight.doubt(session_id, message_id, answer)):
            return doubt
        return self._answer(send)

    def hand(self, send: Send) -> None:
        """From here on it may arrive."""
        self.sends.append(send)

    async def refresh_session(self, session_id: SessionId, jids: Sequence[str]) -> None:
        self._need_open(session_id)
        self.refreshed.append(tuple(jids))

    async def recycle(self, session_id: SessionId, at_most: timedelta) -> bool:
        if not await self.clock.wait(self.gate, at_most):
            return False
        await let_tasks_run()  # what has been answered just now is told before the end
        self.recycled.append(session_id)
        self.open_sessions.discard(session_id)
        self.up_for = timedelta(0)
        self.memory_bytes = 1
        return True

    def _answer(self, send: Send) -> Outcome:
        outcome = self.outcomes.popleft() if self.outcomes else Accepted(self.clock.now())
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, Accepted):
            self._arrive(send)
        return outcome

    def _arrive(self, send: Send) -> None:
        self.arrived.append(send)
        self._later(self._receipts(send))

    async def _open(self, session: SessionData) -> None:
        session_id = session.session_id
        end = self._end_of_login(session)
        if self.tells_time and end.state is LinkState.OPEN:
            right = self.clock.true_now() if isinstance(self.clock, MovedClock) else self.clock.now()
            await self.listener.time_told(session_id, right)
        for change in (LinkChanged(session_id, LinkState.CONNECTING), end):
            if self._connections.get(session_id) is session:
                await self._link(change)
        if session_id in self.open_sessions:
            await self._drain(session_id)

    def _end_of_login(self, session: SessionData) -> LinkChanged:
        session_id = session.session_id
        if not self.reachable:
            return LinkChanged(session_id, LinkState.CLOSED, 408, cause=CloseCause.REFUSED)
        if self.login_refusals:
            return self.login_refusals.popleft()
        if session.credentials in self._unlinked:
            return LinkChanged(session_id, LinkState.CLOSED, 401)
        return LinkChanged(session_id, LinkState.OPEN, phone=session.phone)

    async def _drain(self, session_id: SessionId) -> None:
        due = [each for waits_for, each in self._waiting if waits_for == session_id]
        self._waiting = [each for each in self._waiting if each[0] != session_id]
        for receipt in (each for each in due if isinstance(each, Receipt)):
            await self.deliver(session_id, receipt)
        for timer in (each for each in due if isinstance(each, ChatTimer)):
            await self.deliver(session_id, timer)
        if session_id in self._unread_histories:
            self._unread_histories.remove(session_id)
            await self.read_history(session_id)
        texts = [replace(each, live=False) for each in due if isinstance(each, Inbound)]
        for inbound in texts:
            self.listener.offline_stanza_arrived(session_id, unread_of(inbound))
        for inbound in texts:
            await self._read(session_id, inbound)
        if not any(each in texts for _, each in self._waiting):
            await self._link(LinkChanged(session_id, LinkState.DRAINED))

    async def _read(self, session_id: SessionId, inbound: Inbound) -> None:
        await self.deliver(session_id, inbound)
        if (session_id, inbound) not in self._waiting:
            self.listener.offline_message_recorded(session_id, inbound.message_id)

    async def _end(self, session_id: SessionId) -> None:
        """Whatever ends a connection on our side closes it without a code."""
        self.in_flight.lose(session_id, "socket_closed")
        self.open_sessions.discard(session_id)
        if session_id in self._running:
            self._running.discard(session_id)
            self._later(self.listener.link_changed(LinkChanged(session_id, LinkState.CLOSED)))

    async def _link(self, change: LinkChanged) -> None:
        session_id = change.session_id
        if change.state is LinkState.OPEN:
            self.open_sessions.add(session_id)
        if change.state is LinkState.CLOSED:
            self.in_flight.lose(session_id, "socket_closed")
            self.open_sessions.discard(session_id)
            self._running.discard(session_id)
        await self.listener.link_changed(change)

    async def _receipts(self, send: Send) -> None:
        if self.auto_receipts:
            await self.see_recipient(send.session_id, send.jid)
        for each in self.auto_receipts:
            await self.deliver(send.session_id, Receipt(send.message_id, each, self.clock.now()))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.add(task := asyncio.get_running_loop().create_task(work))
        task.add_done_callback(self._tasks.discard)

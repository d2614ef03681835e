"""A WhatsApp in memory that answers as a test says, for tests of what stands above the messenger."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.domain.account import NumberAnswer, WhatsAppAccount
from app.domain.attempt import Accepted, Outcome, Rejected, RejectionKind
from app.domain.errors import NotConnectedError, PairingCodeRefusedError, SidecarGoneError
from app.domain.identifiers import MessageId, SessionId
from app.domain.phone import Phone
from app.domain.receipt import Evidence, Receipt
from app.domain.session import SessionData
from app.ports.clock import Clock
from app.ports.messenger import (
    ANY_VERSION,
    ClientVersion,
    Inbound,
    LinkChanged,
    LinkState,
    MessengerListener,
    Pulse,
)

# As the real one: a process that does not answer for so long is ended.
_PROCESS_PATIENCE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Send:
    """What `send_text` was asked for."""

    session_id: SessionId
    jid: str
    text: str
    message_id: MessageId
    not_after: timedelta


@dataclass
class ScriptedMessenger:
    """Implements ports.messenger.Messenger. Set what it shall answer, read what it was asked."""

    clock: Clock
    outcomes: deque[Outcome | Exception] = field(default_factory=deque)
    """Answers of the next sends, in order; when there is none, Accepted."""
    answers: dict[Phone, NumberAnswer] = field(default_factory=dict)
    """Answers of find_number by the first form asked; when there is none, an account with that number."""
    auto_receipts: tuple[Evidence, ...] = ()
    """Receipts that follow each accepted send by themselves, after it has been answered."""
    opens: bool = True
    """Whether `connect` is followed by connecting, open, drained."""
    ping_error: Exception | None = None
    pongs: deque[timedelta | None] = field(default_factory=deque)
    """How long the next questions to WhatsApp take, in order; None is never answered. When there is none, at once."""
    frozen: bool = False
    """Nobody answers anything, not even the process."""
    memory_bytes: int = 1
    up_for: timedelta = timedelta(0)
    client_version: str | None = None
    refuses_code: bool = False
    connect_error: Exception | None = None

    sends: list[Send] = field(default_factory=list)
    versions: list[ClientVersion] = field(default_factory=list)
    pings: list[timedelta] = field(default_factory=list)
    """How much patience each question to WhatsApp was given."""
    recycled: list[SessionId] = field(default_factory=list)
    connects: list[SessionData] = field(default_factory=list)
    asked_numbers: list[tuple[Phone, ...]] = field(default_factory=list)
    refreshed: list[tuple[str, ...]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    """Names of the other methods called: start, stop, disconnect, logout, pairing_code, ping."""

    def __post_init__(self) -> None:
        self.open_sessions: set[SessionId] = set()
        self.gate = asyncio.Event()
        """While cleared, sends are recorded but not answered."""
        self.gate.set()
        self._listener: MessengerListener | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def listener(self) -> MessengerListener:
        assert self._listener is not None, "the messenger was not started"
        return self._listener

    async def emit(
        self, happening: LinkChanged | Receipt | Inbound, session_id: SessionId | None = None
    ) -> None:
        """Tell the listener, as if WhatsApp had; returns when it has been told."""
        match happening:
            case LinkChanged():
                await self._link(happening)
            case Receipt():
                await self.listener.receipt_arrived(session_id or SessionId("main"), happening)
            case Inbound():
                await self.listener.inbound_arrived(happening)

    async def start(self, listener: MessengerListener) -> None:
        self.calls.append("start")
        self._listener = listener

    async def stop(self) -> None:
        self.calls.append("stop")
        self.open_sessions.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def connect(self, session: SessionData, version: ClientVersion = ANY_VERSION) -> None:
        self.connects.append(session)
        self.versions.append(version)
        if self.connect_error:
            raise self.connect_error
        if self.opens:
            self._later(self._open(session))

    async def disconnect(self, session_id: SessionId) -> None:
        self.calls.append("disconnect")
        self._later(self._link(LinkChanged(session_id, LinkState.CLOSED)))

    async def logout(self, session_id: SessionId) -> None:
        self.calls.append("logout")
        self._need_open(session_id)
        self.open_sessions.discard(session_id)

    async def pairing_code(self, session_id: SessionId, phone: Phone) -> str:  # noqa: ARG002 - the port's signature
        self.calls.append("pairing_code")
        if self.refuses_code:
            raise PairingCodeRefusedError
        return "ABCD1234"

    async def find_number(self, session_id: SessionId, forms: Sequence[Phone]) -> NumberAnswer:
        self._need_open(session_id)
        self.asked_numbers.append(tuple(forms))
        if forms[0] in self.answers:
            return self.answers[forms[0]]
        return WhatsAppAccount(jid=f"{forms[0].number[1:]}@s.whatsapp.net")

    async def send_text(
        self, session_id: SessionId, jid: str, text: str, message_id: MessageId, not_after: timedelta
    ) -> Outcome:
        if session_id not in self.open_sessions:
            return Rejected(RejectionKind.NOT_CONNECTED)
        self.sends.append(Send(session_id, jid, text, message_id, not_after))
        await self.gate.wait()
        outcome = self.outcomes.popleft() if self.outcomes else Accepted(self.clock.now())
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, Accepted):
            self._later(self._receipts(session_id, message_id))
        return outcome

    async def refresh_session(self, session_id: SessionId, jids: Sequence[str]) -> None:
        self._need_open(session_id)
        self.refreshed.append(tuple(jids))

    async def ping(self, session_id: SessionId, patience: timedelta = timedelta(0)) -> Pulse:
        self.calls.append("ping")
        self.pings.append(patience)
        if self.ping_error:
            raise self.ping_error
        if self.frozen:
            await self.clock.sleep(_PROCESS_PATIENCE)
            raise SidecarGoneError
        asked, took = self.clock.steady(), self.pongs.popleft() if self.pongs else timedelta(0)
        await self.clock.sleep(patience if took is None else min(took, patience))
        answered = took is not None and took <= patience and session_id in self.open_sessions
        return Pulse(
            up_for=self.up_for,
            memory_bytes=self.memory_bytes,
            proved=asked + took if answered and took is not None else None,
            round_trip=took if answered else None,
            client_version=self.client_version,
        )

    async def recycle(self, session_id: SessionId, at_most: timedelta) -> bool:
        if not await self.clock.wait(self.gate, at_most):
            return False
        self.recycled.append(session_id)
        self.open_sessions.discard(session_id)
        self.up_for = timedelta(0)
        self.memory_bytes = 1
        return True

    def _need_open(self, session_id: SessionId) -> None:
        if session_id not in self.open_sessions:
            raise NotConnectedError

    async def _open(self, session: SessionData) -> None:
        for state in (LinkState.CONNECTING, LinkState.OPEN, LinkState.DRAINED):
            phone = session.phone if state is LinkState.OPEN else None
            await self._link(LinkChanged(session.session_id, state, phone=phone))

    async def _link(self, change: LinkChanged) -> None:
        if change.state is LinkState.OPEN:
            self.open_sessions.add(change.session_id)
        if change.state is LinkState.CLOSED:
            self.open_sessions.discard(change.session_id)
        await self.listener.link_changed(change)

    async def _receipts(self, session_id: SessionId, message_id: MessageId) -> None:
        for evidence in self.auto_receipts:
            receipt = Receipt(message_id, evidence, self.clock.now())
            await self.listener.receipt_arrived(session_id, receipt)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

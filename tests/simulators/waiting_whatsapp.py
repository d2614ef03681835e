"""A scripted WhatsApp with an offline queue: its stanzas come one after the other, and reading each takes time."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from app.domain.identifiers import MessageId, SessionId
from app.domain.receipt import Evidence, Receipt
from app.domain.session import SessionData
from app.ports.inbound import Inbound
from app.ports.messenger import LinkChanged, LinkState
from tests.simulators.scripted_messenger import ScriptedMessenger, unread_of


@dataclass(frozen=True)
class Stanza:
    """`inbound` is what a customer wrote; without it a post or a receipt, which is handled at once."""

    inbound: Inbound | None
    gap: timedelta = timedelta(0)
    """Time until it comes, after the one before it."""
    takes: timedelta = timedelta(0)
    """Time that reading it takes, after the messages before it."""
    receipt: bool = False


@dataclass
class OfflineQueue:
    """Outlives the programs that read it; WhatsApp keeps a stanza until it is read."""

    stanzas: list[Stanza] = field(default_factory=list)
    reports_end: bool = True
    before_open: int = 0
    """How many stanzas come before `open` is told."""


@dataclass
class WaitingWhatsApp(ScriptedMessenger):
    """Each connection is pushed all that is not read; a lost one stops pushing and reading."""

    queue: OfflineQueue = field(default_factory=OfflineQueue)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._login = 0

    async def _link(self, change: LinkChanged) -> None:
        if change.state is LinkState.OPEN:
            self._login += 1
            for stanza in self.queue.stanzas[: self.queue.before_open]:
                await self._come(change.session_id, stanza)
        await super()._link(change)

    async def _end(self, session_id: SessionId) -> None:
        self._login += 1
        await super()._end(session_id)

    async def connect(self, session: SessionData, *rest: object) -> None:
        self._login += 1
        await super().connect(session, *rest)  # type: ignore[arg-type]

    async def _drain(self, session_id: SessionId) -> None:
        login, coming = self._login, tuple(self.queue.stanzas)
        self._later(self._read_all(session_id, login, coming))
        for stanza in coming[self.queue.before_open :]:
            await self.clock.sleep(stanza.gap)
            if not self._is_present(session_id, login):
                return
            await self._come(session_id, stanza)

    def _is_present(self, session_id: SessionId, login: int) -> bool:
        return session_id in self.open_sessions and login == self._login

    async def _come(self, session_id: SessionId, stanza: Stanza) -> None:
        unread = unread_of(stanza.inbound) if stanza.inbound else None
        self.listener.offline_stanza_arrived(session_id, unread)
        if stanza.receipt:
            told = Receipt(MessageId("3EB0UNKNOWN"), Evidence.DELIVERED, self.clock.now())
            await self.listener.receipts_arrived(session_id, [told])

    async def _read_all(self, session_id: SessionId, login: int, coming: Iterable[Stanza]) -> None:
        """Read in the order of arrival, not before it; then say that all has come."""
        began, arrives = self.clock.steady(), timedelta(0)
        for position, stanza in enumerate(coming):
            arrives += stanza.gap if position >= self.queue.before_open else timedelta(0)
            await self.clock.sleep(began + arrives - self.clock.steady())
            await self.clock.sleep(stanza.takes)
            if not self._is_present(session_id, login):
                return
            if stanza.inbound:
                await self.listener.inbound_arrived(replace(stanza.inbound, live=False))
                self.listener.offline_message_recorded(session_id, stanza.inbound.message_id)
            self.queue.stanzas.remove(stanza)
        if self.queue.reports_end and self._is_present(session_id, login):
            await self._link(LinkChanged(session_id, LinkState.DRAINED))

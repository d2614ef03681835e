"""What the tests of the messenger with a real child process have in common."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

from app.adapters.whatsapp.messenger import WhatsAppMessenger
from app.adapters.whatsapp.node_command import NodeCommand
from app.domain.identifiers import MessageId, SessionId
from app.domain.receipt import Receipt
from app.domain.restriction import Restriction
from app.domain.session import QrCode, SessionData
from app.ports.chat_timers import ChatTimer
from app.ports.inbound import Inbound, UnreadMessage
from app.ports.messenger import LinkChanged, SeenAccount
from app.ports.store import Rows
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock
from tests.simulators.scripted_sidecar import starts, write_bundle

T = TypeVar("T")

MAIN = SessionId("main")
LOG = logging.getLogger("tests.whatsapp")
OPEN = [
    "tell",
    "connection",
    {"generation": 1, "state": "open", "code": None, "cause": None, "expires_in_s": None, "account": None},
]


class GatedStore(MemoryStore):
    """A store whose commits a test can hold up or let fail."""

    before_commit: Callable[[], Awaitable[None]] | None = None

    async def transact(self, work: Callable[[Rows], T]) -> T:
        if self.before_commit:
            await self.before_commit()
        return await super().transact(work)


@dataclass
class Notes:
    """A listener that writes everything down, in one list."""

    told: list[object] = field(default_factory=list)
    before_saving: Callable[[], Awaitable[None]] | None = None
    before_hearing: Callable[[], Awaitable[None]] | None = None
    before_keeping: Callable[[Receipt], Awaitable[None]] | None = None

    async def link_changed(self, change: LinkChanged) -> None:
        self.told.append(change)

    async def qr_shown(self, session_id: SessionId, qr: QrCode) -> None:
        assert session_id == MAIN
        self.told.append(qr)

    async def session_changed(self, session: SessionData) -> None:
        if self.before_saving:
            await self.before_saving()
        self.told.append(session)

    async def about_to_write(self, message_id: MessageId) -> bool:  # noqa: ARG002 - the port's signature
        return True

    def offline_stanza_arrived(self, session_id: SessionId, unread: UnreadMessage | None) -> None: ...

    def offline_message_recorded(self, session_id: SessionId, message_id: MessageId) -> None: ...

    async def receipts_arrived(self, session_id: SessionId, receipts: Sequence[Receipt]) -> None:
        assert session_id == MAIN
        if self.before_keeping:
            for receipt in receipts:
                await self.before_keeping(receipt)
        self.told.extend(receipts)

    async def inbound_arrived(self, inbound: Inbound) -> None:
        if self.before_hearing:
            await self.before_hearing()
        self.told.append(inbound)

    async def accounts_seen(self, session_id: SessionId, accounts: Sequence[SeenAccount]) -> None:
        assert session_id == MAIN
        if self.before_hearing:
            await self.before_hearing()
        self.told.extend(accounts)

    async def history_read(self, session_id: SessionId) -> None: ...

    async def timers_seen(self, session_id: SessionId, timers: Sequence[ChatTimer]) -> None:
        assert session_id == MAIN
        self.told.extend(timers)

    async def time_told(self, session_id: SessionId, at: datetime) -> None:
        assert session_id == MAIN
        self.told.append(at)

    async def pairing_refused(self, session_id: SessionId, kind: str) -> None:
        assert session_id == MAIN
        self.told.append(kind)

    async def restricted(self, session_id: SessionId, restriction: Restriction) -> None:
        assert session_id == MAIN
        self.told.append(restriction)

    def links(self) -> list[LinkChanged]:
        return [one for one in self.told if isinstance(one, LinkChanged)]

    def answers(self) -> list[str]:
        """What the scripted sidecar was answered."""
        return [one.text for one in self.told if isinstance(one, QrCode)]


@dataclass
class Scene:
    """A messenger over a scripted child; time stands still unless moved."""

    folder: Path
    messenger: WhatsAppMessenger
    clock: MovedClock
    store: GatedStore
    notes: Notes

    @property
    def starts(self) -> int:
        return starts(self.folder)

    async def connect(self) -> None:
        await self.messenger.connect(SessionData(MAIN, credentials="", paired=False))

    async def advance(self, seconds: float) -> None:
        await self.clock.advance(timedelta(seconds=seconds))


Play = Callable[..., Any]


def children_of(folder: Path) -> list[psutil.Process]:
    """Scripted children of the test with this folder that are still alive."""
    return [child for child in psutil.Process().children() if str(folder / "scripted.py") in _command(child)]


def _command(child: psutil.Process) -> list[str]:
    """Nothing for a child that has ended meanwhile."""
    try:
        return child.cmdline()
    except psutil.NoSuchProcess:
        return []


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """`async with play(life, life, …) as scene:`; at the end the messenger is stopped."""

    @asynccontextmanager
    async def scene(*lives: dict[str, Any]) -> AsyncIterator[Scene]:
        clock, store, notes = MovedClock(), GatedStore(), Notes()
        messenger = WhatsAppMessenger(
            command=NodeCommand(Path(sys.executable), write_bundle(tmp_path, list(lives) or [{}]), flags=()),
            store=store,
            clock=clock,
            log=LOG,
            connection_timeout=timedelta(seconds=20),
        )
        await messenger.start(notes)
        async with asyncio.timeout(30):
            yield Scene(tmp_path, messenger, clock, store, notes)
            await messenger.stop()

    yield scene
    for child in children_of(tmp_path):
        child.kill()

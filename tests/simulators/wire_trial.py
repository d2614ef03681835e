"""Twenty texts through the real sidecar and the simulated WhatsApp alone, read again on the customers' phones."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app import paths
from app.adapters.demo.admin_client import AdminClient
from app.adapters.demo.simulator_process import simulator_child
from app.adapters.system.clock import SystemClock
from app.adapters.whatsapp.messenger import WhatsAppMessenger
from app.adapters.whatsapp.node_command import installed_node
from app.domain.account import WhatsAppAccount
from app.domain.attempt import Accepted
from app.domain.identifiers import MessageId, SessionId
from app.domain.phone import Phone
from app.domain.receipt import Evidence, Receipt
from app.domain.restriction import Restriction
from app.domain.session import QrCode, SessionData
from app.ports.chat_timers import ChatTimer
from app.ports.inbound import Inbound, UnreadMessage
from app.ports.messenger import LinkChanged, LinkState, SeenAccount
from app.services.background_tasks import BackgroundTasks
from tests.harness.sidecar_messenger import build_messenger
from tests.simulators.memory_store import MemoryStore

_MAIN = SessionId("main")
_SHOP = "+5573988112233"
_COUNT = 20
_PATIENCE = timedelta(seconds=20)


@dataclass
class Owner:
    """Scans what is shown, reconnects after the pairing, and counts what was read."""

    admin: AdminClient
    clock: SystemClock
    messenger: WhatsAppMessenger | None = None
    session: SessionData = field(default_factory=lambda: SessionData(_MAIN, "", paired=False))
    read: set[MessageId] = field(default_factory=set)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    all_read: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: BackgroundTasks = field(default_factory=BackgroundTasks)

    async def link_changed(self, change: LinkChanged) -> None:
        if change.state is LinkState.OPEN:
            self.open.set()
        if change.state is LinkState.CLOSED and change.code == 515 and self.messenger:
            self._tasks.start(self.messenger.connect(self.session), "reconnect")

    async def qr_shown(self, session_id: SessionId, qr: QrCode) -> None:
        assert session_id == _MAIN
        self._tasks.start(self.admin.post("scan", number=_SHOP, qr=qr.text), "scan")

    async def session_changed(self, session: SessionData) -> None:
        self.session = session

    async def about_to_write(self, message_id: MessageId) -> bool:  # noqa: ARG002 - the port's signature
        return True

    def offline_stanza_arrived(self, session_id: SessionId, unread: UnreadMessage | None) -> None: ...

    def offline_message_recorded(self, session_id: SessionId, message_id: MessageId) -> None: ...

    async def receipts_arrived(self, session_id: SessionId, receipts: Sequence[Receipt]) -> None:
        assert session_id == _MAIN
        self.read |= {receipt.message_id for receipt in receipts if receipt.evidence is Evidence.READ}
        if len(self.read) == _COUNT:
            self.all_read.set()

    async def inbound_arrived(self, inbound: Inbound) -> None:
        raise AssertionError(f"nobody wrote, yet {inbound.kind} arrived")

    async def accounts_seen(self, session_id: SessionId, accounts: Sequence[SeenAccount]) -> None:
        assert session_id == _MAIN
        assert all(account.live for account in accounts)

    async def history_read(self, session_id: SessionId) -> None: ...

    async def timers_seen(self, session_id: SessionId, timers: Sequence[ChatTimer]) -> None: ...

    async def time_told(self, session_id: SessionId, at: datetime) -> None: ...

    async def pairing_refused(self, session_id: SessionId, kind: str) -> None:
        raise AssertionError(f"{session_id}: pairing refused: {kind}")

    async def restricted(self, session_id: SessionId, restriction: Restriction) -> None:
        raise AssertionError(f"{session_id}: {restriction}")


async def trial() -> float:
    """Seconds from the start of the simulator to the twentieth read receipt; raises AssertionError."""
    clock = SystemClock()
    begun = clock.steady()
    async with simulator_child(installed_node(), paths.simulator_bundle(), {}) as url:
        admin = AdminClient(url)
        owner = Owner(admin, clock)
        log, patience = logging.getLogger("wire"), timedelta(seconds=20)
        messenger = build_messenger(MemoryStore(), clock, url, log=log, connection_timeout=patience)
        owner.messenger = messenger
        await messenger.start(owner)
        try:
            await _exchange(admin, owner, messenger)
        finally:
            await messenger.stop()
    return (clock.steady() - begun).total_seconds()


async def _exchange(admin: AdminClient, owner: Owner, messenger: WhatsAppMessenger) -> None:
    phones = [Phone(f"+557398{n:07d}") for n in range(_COUNT)]
    await admin.post("account", number=_SHOP, name="Coco Loko")
    await admin.post("contacts", contacts=[{"number": phone.number} for phone in phones])
    await messenger.connect(owner.session)
    assert await owner.clock.wait(owner.open, _PATIENCE), "the connection never opened"
    for n, phone in enumerate(phones):
        account = await messenger.find_number(_MAIN, [phone])
        assert isinstance(account, WhatsAppAccount)
        not_after = owner.clock.steady() + _PATIENCE
        end = await messenger.send_text(_MAIN, account.jid, _text(n), _id(n), not_after)
        assert isinstance(end, Accepted), f"message {n} was not accepted: {end}"
    assert await owner.clock.wait(owner.all_read, _PATIENCE), f"only {len(owner.read)} were read"
    await _compare(admin, phones)


async def _compare(admin: AdminClient, phones: list[Phone]) -> None:
    shown = await admin.get("messages")
    by_phone = {message["number"]: message for message in shown["messages"] if message["number"] != _SHOP}
    assert shown["wire_repeats"] == shown["undecryptable"] == 0
    for n, phone in enumerate(phones):
        message = by_phone[phone.number]
        assert (message["id"], message["text"], message["shown"]) == (_id(n), _text(n), 1)


def _text(n: int) -> str:
    return f"Pedido #{n}: seu açaí está *pronto*! 🥥 R$ {n},50"


def _id(n: int) -> MessageId:
    return MessageId(f"3EB0{n:018X}")


if __name__ == "__main__":
    logging.getLogger("wire").addHandler(logging.NullHandler())
    seconds = asyncio.run(trial())
    sys.stdout.write(f"{_COUNT} texts sent, decrypted, compared and read in {seconds:.1f} s\n")

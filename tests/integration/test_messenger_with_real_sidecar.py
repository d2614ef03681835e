"""The messenger over the real sidecar and the simulated WhatsApp: pairing, sending, evidence, deaths."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psutil
import pytest

from app import paths
from app.adapters.system.clock import SystemClock
from app.adapters.whatsapp.messenger import WhatsAppMessenger
from app.domain.account import WhatsAppAccount
from app.domain.attempt import Accepted, InDoubt, Outcome, Rejected, RejectionKind
from app.domain.errors import AddressRefusedError
from app.domain.identifiers import MessageId, SessionId
from app.domain.phone import Phone, account_forms
from app.domain.receipt import Evidence, Receipt
from app.domain.restriction import Restriction
from app.domain.session import QrCode, SessionData
from app.ports.chat_timers import ChatTimer
from app.ports.inbound import Inbound, UnreadMessage
from app.ports.messenger import LinkChanged, LinkState, SeenAccount
from tests.harness.sidecar_messenger import build_messenger
from tests.simulators.memory_store import MemoryStore
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp, simulated_whatsapp

pytestmark = pytest.mark.slow
MAIN = SessionId("main")
PATIENCE = timedelta(seconds=15)
ANA, RUI = Phone("+5573999548537"), Phone("+5573988887777")
LOG = logging.getLogger("tests.whatsapp")
ID = MessageId("3EB0AAAAAAAAAAAAAAAAAA")


@dataclass
class ListenerHarness:
    """A shop that scans its QR by itself and connects again after every close, as long as it is wanted."""

    whatsapp: SimulatedWhatsApp
    messenger: WhatsAppMessenger
    clock: SystemClock = field(default_factory=SystemClock)
    session: SessionData = field(default_factory=lambda: SessionData(MAIN, "", paired=False))
    told: list[object] = field(default_factory=list)
    seen: list[SeenAccount] = field(default_factory=list)
    timers: list[ChatTimer] = field(default_factory=list)
    reconnects: bool = True
    scanned: bool = False
    rung: asyncio.Event = field(default_factory=asyncio.Event)
    work: set[asyncio.Task[object]] = field(default_factory=set)

    async def link_changed(self, change: LinkChanged) -> None:
        self._note((change.state, change.code))
        if change.state is LinkState.CLOSED and self.reconnects:
            self._start(self.connect())

    async def qr_shown(self, session_id: SessionId, qr: QrCode) -> None:
        assert session_id == MAIN
        if not self.scanned:
            self.scanned = True
            self._start(self.whatsapp.admin.post("scan", number=SHOP, qr=qr.text))

    async def session_changed(self, session: SessionData) -> None:
        self.session = session

    async def about_to_write(self, message_id: MessageId) -> bool:  # noqa: ARG002 - the port's signature
        return True

    def offline_stanza_arrived(self, session_id: SessionId, unread: UnreadMessage | None) -> None: ...

    def offline_message_recorded(self, session_id: SessionId, message_id: MessageId) -> None: ...

    async def receipts_arrived(self, session_id: SessionId, receipts: Sequence[Receipt]) -> None:
        assert session_id == MAIN
        for receipt in receipts:
            self._note(receipt.evidence)

    async def inbound_arrived(self, inbound: Inbound) -> None:
        self._note(inbound)

    async def accounts_seen(self, session_id: SessionId, accounts: Sequence[SeenAccount]) -> None:
        assert session_id == MAIN
        self.seen.extend(accounts)

    async def history_read(self, session_id: SessionId) -> None: ...

    async def timers_seen(self, session_id: SessionId, timers: Sequence[ChatTimer]) -> None:
        assert session_id == MAIN
        self.timers.extend(timers)

    async def time_told(self, session_id: SessionId, at: datetime) -> None: ...

    async def pairing_refused(self, session_id: SessionId, kind: str) -> None:
        pytest.fail(f"{session_id}: {kind}")

    async def restricted(self, session_id: SessionId, restriction: Restriction) -> None:
        assert session_id == MAIN
        self._note(restriction)

    async def connect(self) -> None:
        await self.messenger.connect(self.session)

    async def heard(self, happening: object, times: int = 1) -> None:
        """Until it has been told that often."""
        due = self.clock.steady() + PATIENCE
        while self.told.count(happening) < times:
            assert await self.clock.wait(self.rung, due - self.clock.steady()), (
                f"never told: {happening}, but {self.told}"
            )
            self.rung.clear()

    async def send(self, phone: Phone, text: str, message_id: MessageId = ID) -> Outcome:
        account = await self.messenger.find_number(MAIN, account_forms(phone))
        assert isinstance(account, WhatsAppAccount)
        return await self.send_to(account.jid, text, message_id)

    async def send_to(self, jid: str, text: str, message_id: MessageId = ID) -> Outcome:
        not_after = self.clock.steady() + PATIENCE
        return await self.messenger.send_text(MAIN, jid, text, message_id, not_after)

    def _note(self, happening: object) -> None:
        self.told.append(happening)
        self.rung.set()

    def _start(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.work.add(task)


OPEN = (LinkState.OPEN, None)


@asynccontextmanager
async def paired_listener(
    *contacts: Mapping[str, object], url: str | None = None
) -> AsyncIterator[ListenerHarness]:
    customers = contacts or ({"number": ANA.number, "name": "Ana"}, {"number": RUI.number})
    async with simulated_whatsapp(*customers) as whatsapp:
        messenger = build_messenger(MemoryStore(), SystemClock(), url or whatsapp.url)
        listener = ListenerHarness(whatsapp, messenger)
        await messenger.start(listener)
        try:
            await listener.connect()
            await listener.heard(OPEN)
            yield listener
        finally:
            listener.reconnects = False
            await messenger.stop()
            await asyncio.gather(*listener.work)


def sidecars() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if str(paths.sidecar_bundle()) in child.cmdline()]


def test_a_paired_counter_sends_a_text_and_hears_that_it_was_read() -> None:
    async def story() -> None:
        async with paired_listener() as listener:
            assert listener.session.paired
            assert listener.session.phone == Phone(SHOP)
            assert (LinkState.CLOSED, 515) in listener.told
            assert isinstance(await listener.send(ANA, "seu açaí está pronto 🥥"), Accepted)
            await listener.heard(Evidence.DELIVERED)
            await listener.heard(Evidence.READ)
            (shown,) = await listener.whatsapp.shown_to(ANA.number)
            assert (shown["id"], shown["text"], shown["shown"]) == (ID, "seu açaí está pronto 🥥", 1)
            await listener.messenger.ping(MAIN)
        assert sidecars() == []

    asyncio.run(story())


def test_account_decides_about_the_ninth_digit_and_some_numbers_have_none() -> None:
    old = {"number": ANA.number, "registered_as": "+557399548537"}

    async def story() -> None:
        async with paired_listener(old) as listener:
            account = await listener.messenger.find_number(MAIN, account_forms(ANA))
            assert isinstance(account, WhatsAppAccount)
            assert account.jid == "557399548537@s.whatsapp.net"
            assert await listener.messenger.find_number(MAIN, [RUI]) is None

    asyncio.run(story())


def test_a_customers_reply_is_heard_with_its_number() -> None:
    async def story() -> None:
        async with paired_listener() as listener:
            await listener.whatsapp.admin.post("inbound", number=ANA.number, text="posso pegar em 10 min?")
            await listener.clock.wait(listener.rung, PATIENCE)
            while not (arrived := [one for one in listener.told if isinstance(one, Inbound)]):
                listener.rung.clear()
                assert await listener.clock.wait(listener.rung, PATIENCE)
            assert (arrived[0].phone, arrived[0].text, arrived[0].live) == (
                ANA,
                "posso pegar em 10 min?",
                True,
            )

    asyncio.run(story())


def test_what_whatsapp_refuses_is_rejected_with_its_code() -> None:
    async def story() -> None:
        async with paired_listener() as listener:
            await listener.whatsapp.fault("nack", code=463)
            assert await listener.send(ANA, "oi") == Rejected(RejectionKind.RESTRICTED, 463)
            await listener.whatsapp.fault("nack", code=429)
            assert await listener.send(ANA, "oi", MessageId("3EB0B")) == Rejected(
                RejectionKind.RATE_LIMITED, 429
            )

    asyncio.run(story())


def test_socket_ending_before_the_ack_is_a_doubt_and_the_repeat_shows_once() -> None:
    async def story() -> None:
        async with paired_listener() as listener:
            await listener.whatsapp.fault("lose_ack")
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(listener.send(ANA, "oi"))
                await listener.heard(Evidence.DELIVERED)
                await listener.whatsapp.fault("drop")
            assert sending.result() == InDoubt("socket_closed")
            await listener.heard(OPEN, times=2)
            assert isinstance(await listener.send(ANA, "oi"), Accepted)
            (shown,) = await listener.whatsapp.shown_to(ANA.number)
            assert (shown["shown"], shown["wire"]) == (1, 2)

    asyncio.run(story())


@pytest.mark.requirement("S5")
def test_a_killed_sidecar_is_a_doubt_comes_back_and_keeps_the_session() -> None:
    async def story() -> None:
        async with paired_listener() as listener:
            await listener.whatsapp.fault("lose_ack")
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(listener.send(ANA, "oi"))
                await listener.heard(Evidence.DELIVERED)
                (sidecar,) = sidecars()
                sidecar.kill()
            assert sending.result() == InDoubt("sidecar_gone")
            await listener.heard(OPEN, times=2)
            await listener.messenger.refresh_session(MAIN, [f"{ANA.number[1:]}@s.whatsapp.net"])
            assert isinstance(await listener.send(ANA, "oi"), Accepted)
            (shown,) = await listener.whatsapp.shown_to(ANA.number)
            assert (shown["text"], shown["shown"]) == ("oi", 1)
            assert (await listener.whatsapp.admin.get("messages"))["undecryptable"] == 0

    asyncio.run(story())


def test_a_text_whose_time_has_passed_is_not_written() -> None:
    async def story() -> None:
        async with paired_listener() as listener:
            now = listener.clock.steady()
            late = await listener.messenger.send_text(MAIN, f"{ANA.number[1:]}@s.whatsapp.net", "oi", ID, now)
            assert late == Rejected(RejectionKind.TOO_LATE)
            assert await listener.whatsapp.shown_to(ANA.number) == []

    asyncio.run(story())


def test_logging_out_ends_the_session_at_whatsapp() -> None:
    async def story() -> None:
        async with paired_listener() as listener:
            listener.reconnects = False
            await listener.messenger.logout(MAIN)
            assert await listener.send_to("1234567@lid", "oi") == Rejected(RejectionKind.NOT_CONNECTED)
            await listener.connect()
            await listener.heard((LinkState.CLOSED, 401))

    asyncio.run(story())


def test_a_simulated_address_beyond_this_machine_is_refused_by_the_sidecar() -> None:
    async def story() -> None:
        with pytest.raises(AddressRefusedError):
            async with paired_listener(url="ws://192.0.2.1:1/ws/chat"):
                pytest.fail("it connected")

    asyncio.run(story())

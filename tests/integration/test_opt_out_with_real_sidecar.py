"""A simulated customer writes "Parar!": the whole product over the real sidecar and the database on disk."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app import paths
from app.adapters.paper.printed_paper import PrintedPaper
from app.adapters.phone_numbers.typed_numbers import TypedNumbers
from app.adapters.sqlite import SqliteStore
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.adapters.system.process_identity import owner_alive, this_process
from app.adapters.vault.cipher import KeyRingVault
from app.adapters.vault.key_ring import new_key_ring
from app.adapters.whatsapp.messenger import WhatsAppMessenger
from app.adapters.whatsapp.node_command import NodeCommand, installed_node
from app.domain.events import ConnectionChanged, Event, NotificationQueued, ReplyArrived
from app.domain.identifiers import OrderId
from app.domain.notification import State, Suppression
from app.domain.opt_out import OptOutSource
from app.domain.order import NotificationType, Order
from app.domain.phone import Phone
from app.domain.session import ConnectionState
from app.services.clock.stepped_clock import SteppedClock
from app.services.runtime.core import Core
from app.services.runtime.dependencies import Ports, ServiceConfig
from app.services.runtime.wiring import build_core
from tests.harness.opened_store import open_training_store
from tests.harness.shop import MAIN, invitation_words, opt_out_texts, shipped_templates
from tests.simulators.memory_version import MemoryVersion
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp, simulated_whatsapp

pytestmark = [pytest.mark.slow, pytest.mark.requirement("X1"), pytest.mark.timeout(90)]
ANA = Phone("+5573999548537")
PATIENCE = 20.0


@dataclass
class SidecarShopHarness:
    core: Core
    whatsapp: SimulatedWhatsApp
    events: list[Event]

    def order(self, number: int, status: str = "paid") -> Order:
        return Order(
            id=OrderId(f"00000000-0000-0000-0000-{number:012d}"),
            number=number,
            customer_name="Ana Araújo",
            customer_phone="73 99954-8537",
            status=status,
            payment_status="confirmed",
            total=Decimal(30),
            created_at=self.core.clock.now(),
        )

    async def shown(self) -> list[str]:
        """The first word of each bubble on Ana's phone."""
        bubbles = await self.whatsapp.shown_to(ANA.number)
        return [str(bubble["text"]).split()[0].strip(":!,") for bubble in bubbles]

    async def writes(self, text: str) -> None:
        await self.whatsapp.admin.post("inbound", number=ANA.number, text=text)

    async def until_shown(self, *words: str) -> None:
        async def seen() -> bool:
            return await self.shown() == list(words)

        await until(seen)

    async def until_opted_out(self, *, opted_out: bool) -> None:
        async def seen() -> bool:
            found = await self.core.background.store.read(lambda rows: rows.opt_outs.in_force(ANA))
            return (found is not None) is opted_out

        await until(seen, at_most=1)


async def until(seen: Callable[[], Awaitable[bool]], at_most: float = PATIENCE) -> None:
    async with asyncio.timeout(at_most):
        while not await seen():  # noqa: ASYNC110 - the outside world sets no event
            await asyncio.sleep(0.01)  # noqa: TID251 - a bounded poll


@asynccontextmanager
async def open_sidecar_shop(folder: Path, **contact: object) -> AsyncIterator[SidecarShopHarness]:
    """A shop that pairs by itself; what the simulated owner scans is the QR code that it shows."""
    clock, entropy = SteppedClock(SystemClock()), SystemEntropy()
    async with simulated_whatsapp({"number": ANA.number, **contact}) as whatsapp:
        store: SqliteStore = open_training_store(folder, clock=clock)
        messenger = WhatsAppMessenger(
            command=NodeCommand(installed_node(), paths.sidecar_bundle()),
            store=store,
            clock=clock,
            log=logging.getLogger("tests.whatsapp"),
            connection_timeout=timedelta(seconds=10),
            simulated_url=whatsapp.url,
        )
        vault = KeyRingVault(new_key_ring(entropy), entropy)
        numbers = TypedNumbers("73")
        version = MemoryVersion()
        paper, me = PrintedPaper(paths.fonts()), this_process()
        ports = Ports(store, messenger, vault, clock, entropy, numbers, me, owner_alive, version, paper)
        core = build_core(
            ports, ServiceConfig(MAIN, shipped_templates(), opt_out_texts(), invitation_words())
        )
        shop = SidecarShopHarness(core, whatsapp, [])
        core.bus.subscribe(Event, shop.events.append)
        async with core:
            await _pair(shop)
            yield shop


async def _pair(shop: SidecarShopHarness) -> None:
    shown: asyncio.Queue[str] = asyncio.Queue()

    def look(event: ConnectionChanged) -> None:
        if event.status.qr_code:
            shown.put_nowait(event.status.qr_code.text)

    leave = shop.core.bus.subscribe(ConnectionChanged, look)
    async with asyncio.timeout(PATIENCE):
        await shop.core.connection.pair()
        await shop.whatsapp.admin.post("scan", number=SHOP, qr=await shown.get())
    leave()

    async def open_now() -> bool:
        return shop.core.connection.get_connection_status().state is ConnectionState.CONNECTED

    await until(open_now)


@pytest.mark.parametrize("named_by", ["pn", "lid"])
@pytest.mark.parametrize("registered_as", [ANA.number, "+557399548537"])
def test_customer_who_writes_parar_reads_one_confirmation_and_no_more(
    tmp_path: Path, named_by: str, registered_as: str
) -> None:
    async def story() -> None:
        async with open_sidecar_shop(tmp_path, registered_as=registered_as) as shop:
            await shop.whatsapp.admin.post("options", messages_as=named_by)
            await shop.core.watcher.store_and_notify(shop.order(1))
            await shop.until_shown("Oi")
            await shop.writes("Parar!")
            await until(lambda: _heard(shop))
            await shop.until_opted_out(opted_out=True)
            await shop.until_shown("Oi", "Pronto")
            await shop.core.watcher.store_and_notify(shop.order(1, "in_preparation"))
            await shop.core.watcher.store_and_notify(shop.order(2))
            await shop.writes("voltar")
            await shop.until_shown("Oi", "Pronto", "Que")
            await shop.core.watcher.store_and_notify(shop.order(3))
            await shop.until_shown("Oi", "Pronto", "Que", "Oi")
            (kept,) = await shop.core.background.store.read(lambda rows: rows.opt_outs.history(ANA))
            assert (kept.source, kept.undone_by) == (OptOutSource.CUSTOMER, OptOutSource.CUSTOMER)
            held = [
                (event.notification.type, event.notification.reason)
                for event in shop.events
                if isinstance(event, NotificationQueued) and event.notification.state is State.SUPPRESSED
            ]
            assert held == [
                (NotificationType.PREPARING, Suppression.OPTED_OUT),
                (NotificationType.PAYMENT_CONFIRMED, Suppression.OPTED_OUT),
            ]

    asyncio.run(story())


async def _heard(shop: SidecarShopHarness) -> bool:
    return any(isinstance(event, ReplyArrived) for event in shop.events)

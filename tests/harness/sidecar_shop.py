"""Harness of the whole product over the real sidecar and a database on disk, with one customer, Ana."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from app.adapters.phone_numbers.typed_numbers import TypedNumbers
from app.adapters.sqlite import SqliteStore
from app.adapters.system.clock import SystemClock
from app.adapters.system.process_identity import owner_alive, this_process
from app.domain.events import ConnectionChanged, Event
from app.domain.identifiers import OrderId
from app.domain.order import Order
from app.domain.phone import Phone
from app.domain.session import ConnectionState
from app.services.clock.stepped_clock import SteppedClock
from app.services.runtime.core import Core
from app.services.runtime.dependencies import ServiceConfig
from app.services.runtime.wiring import build_core
from tests.harness.opened_store import open_training_store
from tests.harness.ports import build_ports, fixed
from tests.harness.shop import (
    MAIN,
    invitation_words,
    opt_out_texts,
    own_number_texts,
    pickup_texts,
    shipped_templates,
)
from tests.harness.sidecar_messenger import build_messenger
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp, simulated_whatsapp

ANA = Phone("+5573999548537")
_PATIENCE_SECONDS = 20.0


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

        await wait_until(seen)

    async def until_opted_out(self, *, opted_out: bool) -> None:
        async def seen() -> bool:
            found = await self.core.background.store.read(lambda rows: rows.opt_outs.in_force(ANA))
            return (found is not None) is opted_out

        await wait_until(seen, seconds=1)


@asynccontextmanager
async def open_sidecar_shop(folder: Path, **contact: object) -> AsyncIterator[SidecarShopHarness]:
    """A shop that pairs by itself; what the simulated owner scans is the QR code that it shows."""
    clock = SteppedClock(SystemClock())
    async with simulated_whatsapp({"number": ANA.number, **contact}) as whatsapp:
        store: SqliteStore = open_training_store(folder, clock=clock)
        ports = build_ports(
            store,
            build_messenger(store, clock, whatsapp.url),
            clock,
            phone_numbers=TypedNumbers(lambda: "73"),
            owner=this_process(),
            owner_alive=owner_alive,
        )
        config = ServiceConfig(
            MAIN,
            shipped_templates(),
            opt_out_texts(),
            invitation_words(),
            pickup_texts(),
            own_number_texts(),
        )
        core = build_core(ports, fixed(config))
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
    async with asyncio.timeout(_PATIENCE_SECONDS):
        await shop.core.connection.pair()
        await shop.whatsapp.admin.post("scan", number=SHOP, qr=await shown.get())
    leave()

    async def open_now() -> bool:
        return shop.core.connection.get_connection_status().state is ConnectionState.CONNECTED

    await wait_until(open_now)

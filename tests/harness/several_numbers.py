"""A shop of three numbers over its real parts, each paired with a phone of its own at one simulated WhatsApp."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from app.adapters.whatsapp.messenger import WhatsAppMessenger
from app.domain.events import ConnectionChanged
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.order import Order
from app.domain.phone import Phone
from app.domain.session import ConnectionState
from tests.harness.real_shop import RealShopHarness, start_real_shop
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp, simulated_whatsapp

MAIN, SECOND, THIRD = SessionId("main"), SessionId("second"), SessionId("third")
# The key of each shop shares them out; with 27 one number goes without in one of 20,000 shops, with 12 in one of 43.
CUSTOMERS = 27
NUMBERS = {MAIN: SHOP, SECOND: "+5573988112244", THIRD: "+5573988112255"}


@dataclass
class Numbers:
    shop: RealShopHarness
    customers: Sequence[Phone]
    lamps: list[tuple[SessionId, ConnectionState]] = field(default_factory=list)
    """Connection states of all numbers, in order."""

    @property
    def whatsapp(self) -> SimulatedWhatsApp:
        return self.shop.whatsapp

    def lamp(self, session_id: SessionId) -> ConnectionState:
        manager = self.shop.core.sessions.get(session_id)
        assert manager
        return manager.get_connection_status().state

    def process(self, session_id: SessionId) -> psutil.Process:
        """The Node process that works for this number."""
        messenger = self.shop.core.background.messenger
        assert isinstance(messenger, WhatsAppMessenger)
        running = messenger._links[session_id].supervisor.current
        assert running
        return psutil.Process(running.pid)

    async def rush(self) -> list[Order]:
        """One order of each customer."""
        return [await self.shop.tell(n, phone) for n, phone in enumerate(self.customers, start=1)]

    async def senders(self, orders: Sequence[Order]) -> dict[SessionId, list[Order]]:
        found: dict[SessionId, list[Order]] = {session_id: [] for session_id in NUMBERS}
        for order in orders:
            found[(await self.shop.message(order)).session_id].append(order)
        return found

    async def until_told(self, orders: Sequence[Order]) -> None:
        for order in orders:
            await self.shop.until_state(order, State.READ)

    async def bubbles(self, order: Order) -> list[dict[str, Any]]:
        """Return the bubbles on the customer's phone."""
        return await self.whatsapp.shown_to(order.customer_phone)


@asynccontextmanager
async def three_numbers(folder: Path, *, customers: int, take_over: bool = False) -> AsyncIterator[Numbers]:
    """All paired and open; `customers` are strangers to all of them."""
    folder.joinpath("config.toml").write_text(
        f'WHATSAPP_MORE_SESSION_IDS = "second,third"\nWHATSAPP_TAKE_OVER = {str(take_over).lower()}\n',
        "utf-8",
    )
    phones = [Phone(f"+55739994{number:05d}") for number in range(customers)]
    async with simulated_whatsapp(*({"number": phone.number} for phone in phones)) as whatsapp:
        for number in NUMBERS.values():
            await whatsapp.admin.post("account", number=number)
        async with start_real_shop(folder, whatsapp) as shop:
            numbers = Numbers(shop, phones)
            await _pair_all(numbers)
            yield numbers


async def _pair_all(numbers: Numbers) -> None:
    """Side by side: each phone scans the codes of its own number alone."""
    core, admin, scanned = numbers.shop.core, numbers.whatsapp.admin, set[str]()

    def changed(event: ConnectionChanged) -> None:
        status = event.status
        numbers.lamps.append((status.session_id, status.state))
        if status.qr_code and status.qr_code.text not in scanned:
            scanned.add(status.qr_code.text)
            scan = admin.post("scan", number=NUMBERS[status.session_id], qr=status.qr_code.text)
            core.background.tasks.start(scan, "scan")

    core.bus.subscribe(ConnectionChanged, changed)
    await asyncio.gather(*(manager.pair() for manager in core.sessions))

    async def all_open() -> bool:
        return all(core.sessions.is_connected(each) for each in NUMBERS)

    await wait_until(all_open)
    numbers.lamps.clear()

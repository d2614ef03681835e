"""Harness of the whole product without a front end: real sidecar and database; the simulated WhatsApp outlives it."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.adapters.demo.world import SimulatedWorld
from app.bootstrap import Options, open_shop
from app.bootstrap.database import DATABASE
from app.domain.identifiers import OrderId, notification_id
from app.domain.notification import Notification, State
from app.domain.order import NotificationType, Order
from app.domain.phone import NO_PHONE, Phone
from app.services.runtime.core import Core
from app.services.runtime.training import pair_with_owner
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SimulatedWhatsApp

PATIENCE = timedelta(seconds=30)


@dataclass
class RealShopHarness:
    core: Core
    world: SimulatedWorld
    whatsapp: SimulatedWhatsApp

    async def connected(self) -> "RealShopHarness":
        """Paired, and paired anew where it has to be."""
        assert await pair_with_owner(self.core, self.world, PATIENCE)
        return self

    async def tell(self, number: int, phone: Phone, status: str = "paid") -> Order:
        """Store an order whose message is due."""
        order = Order(
            id=OrderId(f"00000000-0000-0000-0000-{number:012d}"),
            number=number,
            customer_name="Ana Araújo",
            customer_phone=phone.number,
            status=status,
            payment_status="confirmed",
            total=Decimal(30),
            created_at=self.core.clock.now(),
        )
        await self.core.watcher.store_and_notify(order)
        return order

    async def order_without_phone(self, number: int) -> Order:
        """Store an order without a phone."""
        return await self.tell(number, NO_PHONE)

    async def message(self, order: Order) -> Notification:
        wanted = notification_id(order.id, NotificationType.PAYMENT_CONFIRMED, 1)
        found = await self.core.background.store.read(lambda rows: rows.notifications.get(wanted))
        assert found is not None
        return found

    async def until_state(self, order: Order, *states: State) -> Notification:
        async def reached() -> bool:
            return (await self.message(order)).state in states

        await wait_until(reached)
        return await self.message(order)

    async def told(self, number: int, phone: Phone) -> Order:
        """Store an order and wait until its customer has read the message."""
        order = await self.tell(number, phone)
        await self.until_state(order, State.READ)
        return order

    async def undecryptable(self) -> int:
        return int((await self.whatsapp.admin.get("messages"))["undecryptable"])


@asynccontextmanager
async def start_real_shop(folder: Path, whatsapp: SimulatedWhatsApp) -> AsyncIterator[RealShopHarness]:
    """Start a shop in any connection state; it ends with the block."""
    options = Options(headless=True, data_dir=folder, simulated_whatsapp=whatsapp.url)
    async with open_shop(options) as opened, opened.core:
        assert opened.world is not None
        yield RealShopHarness(opened.core, opened.world, whatsapp)


@asynccontextmanager
async def open_real_shop(folder: Path, whatsapp: SimulatedWhatsApp) -> AsyncIterator[RealShopHarness]:
    """Connected."""
    async with start_real_shop(folder, whatsapp) as shop:
        yield await shop.connected()


def in_database(folder: Path, statement: str, *values: object) -> list[Any]:
    """While no program has it open."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        return connection.execute(statement, values).fetchall()


def logged(folder: Path, event: str) -> list[dict[str, Any]]:
    """Return the log entries of this name, of a program that has ended."""
    lines = (folder / "logs" / "balcao.log").read_text(encoding="utf-8").splitlines()
    return [entry for entry in map(json.loads, lines) if entry.get("event") == event]

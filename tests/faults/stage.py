"""One simulated WhatsApp for all trials, and the shop that they share as long as it is of use."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from tests.faults.trial import AT_MOST, Seen, Trial
from tests.harness.fault_shop import FaultShopHarness, open_fault_shop
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp, simulated_whatsapp

_AS_EVER = {
    "passkey": False,
    "refresh_on_scan": False,
    "links_only": "",
    "receipts_as": "pn",
    "messages_as": "pn",
    "history": "off",
    "cstoken": False,
    "offline_gap_ms": 0,
}


@dataclass
class Stage:
    whatsapp: SimulatedWhatsApp
    _shop: FaultShopHarness | None = None
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def play(self, trial: Trial) -> Seen:
        """Raises whatever the trial raises, above all AssertionError and TimeoutError."""
        useful = False
        try:
            async with asyncio.timeout(AT_MOST.total_seconds()):
                shop = await self._ready()
                seen = await trial.story(shop)
                # Its messages would use up the faults of the next trial, and count towards its limits.
                useful = not trial.lasting and not await shop.unsettled()
        finally:
            await self._calm()
            if not useful:
                await self.clear()
        return seen

    async def clear(self) -> None:
        """Close the shop; the next trial opens a new one."""
        self._shop = None
        await self._open.aclose()

    async def _ready(self) -> FaultShopHarness:
        """Paired, open, and nothing counted against the connection."""
        shop = self._shop
        if shop is None:
            shop = self._shop = await self._open.enter_async_context(open_fault_shop(self.whatsapp))
            await shop.pair()
        elif shop.status.phone is None:
            await shop.pair()
        else:
            await shop.core.connection.reconnect()
            await shop.until_open()
        shop.events.clear()
        return shop

    async def _calm(self) -> None:
        await self.whatsapp.admin.post("disarm-all")
        await self.whatsapp.options(**_AS_EVER)
        await self.whatsapp.lock_out_strangers(active=False)
        await self.whatsapp.admin.post("account", number=SHOP, online=True)


@asynccontextmanager
async def set_stage() -> AsyncIterator[Stage]:
    async with simulated_whatsapp() as whatsapp:
        stage = Stage(whatsapp)
        try:
            yield stage
        finally:
            await stage.clear()

"""One simulated WhatsApp for all trials, and the shop that they share as long as it is of use."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from tests.faults.trial import AT_MOST, Seen, Trial
from tests.harness.fault_shop import FaultShopHarness, open_fault_shop
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp, simulated_whatsapp

# Whatever a trial that failed has left armed.
_ARMED = [
    "upgrade_status",
    "login_failure",
    "stream_error",
    "usync_error",
    "iq_error",
    "no_bundle",
    "nack",
    "lose_ack",
    "slow_ack",
    "repeat_ack",
    "repeat_receipt",
    "slow_delivery",
    "lose_session",
    "garble_inbound",
    "repeat_inbound",
    "pair_code_error",
    "pair_code_malformed",
    "pair_code_unconfirmed",
]
_AS_EVER = {
    "passkey": False,
    "refresh_on_scan": False,
    "links_only": "",
    "receipts_as": "pn",
    "messages_as": "pn",
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
                seen = await trial.story(await self._ready())
            useful = not trial.lasting
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
        for kind in ("unmute", "accept_connections"):
            await self.whatsapp.fault(kind)
        for kind in _ARMED:
            await self.whatsapp.fault(kind, times=0)
        await self.whatsapp.options(**_AS_EVER)
        await self.whatsapp.admin.post("account", number=SHOP, online=True)


@asynccontextmanager
async def set_stage() -> AsyncIterator[Stage]:
    async with simulated_whatsapp() as whatsapp:
        stage = Stage(whatsapp)
        try:
            yield stage
        finally:
            await stage.clear()

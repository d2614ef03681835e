"""One simulated WhatsApp for all trials, and the counter that they have in common as long as it is of use."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from tests.faults.trial import AT_MOST, Seen, Trial
from tests.harness.fault_shop import Counter, open_counter
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
    _counter: Counter | None = None
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
        """The next trial gets a new counter."""
        self._counter = None
        await self._open.aclose()

    async def _ready(self) -> Counter:
        """Paired, open, and nothing counted against the connection."""
        counter = self._counter
        if counter is None:
            counter = self._counter = await self._open.enter_async_context(open_counter(self.whatsapp))
            await counter.pair()
        elif counter.status.phone is None:
            await counter.pair()
        else:
            await counter.core.connection.reconnect()
            await counter.until_open()
        counter.events.clear()
        return counter

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

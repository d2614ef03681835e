"""Harness of the liveness tests: a shop in memory over the real sidecar, with short probe intervals."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from app.adapters.system.clock import SystemClock
from app.domain.events import ConnectionChanged, Event
from app.domain.liveness import LivenessPolicy
from app.domain.recycling import RecyclingPolicy
from app.domain.session import ConnectionState, ConnectionStatus
from app.services.clock.stepped_clock import SteppedClock
from app.services.runtime.core import Core
from app.services.runtime.wiring import build_core
from tests.harness.ports import build_ports, fixed
from tests.harness.shop import shop_choices
from tests.harness.sidecar_messenger import build_messenger
from tests.harness.waiting import wait_until
from tests.simulators.memory_store import MemoryStore
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp, simulated_whatsapp

_PATIENCE_SECONDS = 40.0
SECOND = timedelta(seconds=1)
HURRIED = LivenessPolicy(
    probe_every=SECOND / 2,
    probe_timeout=SECOND / 2,
    short_probe_timeout=SECOND / 2,
    check_every=SECOND / 10,
    alive_for=2 * SECOND,
    dead_after=3 * SECOND,
)
"""The default rule at a twentieth of its durations or less, so that a test waits seconds."""


@dataclass
class LivenessShopHarness:
    core: Core
    whatsapp: SimulatedWhatsApp
    events: list[Event]

    @property
    def status(self) -> ConnectionStatus:
        return self.core.connection.get_connection_status()

    def lamps(self) -> list[ConnectionState]:
        """Every lamp that was told, each once in a row; from here on a new list."""
        told = [event.status.state for event in self.events if isinstance(event, ConnectionChanged)]
        self.events.clear()
        return [one for at, one in enumerate(told) if at == 0 or one is not told[at - 1]]

    async def until(self, true: Callable[[], object]) -> None:
        await wait_until(true, _PATIENCE_SECONDS)

    async def until_open(self) -> None:
        await self.until(lambda: self.status.is_connected)

    async def count(self, name: str) -> int:
        return int((await self.whatsapp.admin.get("stats"))[name])


@asynccontextmanager
async def liveness_shop_of(
    whatsapp: SimulatedWhatsApp, recycling: RecyclingPolicy | None = None
) -> AsyncIterator[LivenessShopHarness]:
    """Open a shop in memory over the real sidecar."""
    clock, store = SteppedClock(SystemClock()), MemoryStore()
    ports = build_ports(store, build_messenger(store, clock, whatsapp.url), clock)
    choices = shop_choices(liveness=HURRIED, recycling=recycling or RecyclingPolicy())
    core = build_core(ports, fixed(choices))
    shop = LivenessShopHarness(core, whatsapp, [])
    core.bus.subscribe(Event, shop.events.append)
    async with core:
        yield shop


@asynccontextmanager
async def paired_liveness_shop(
    recycling: RecyclingPolicy | None = None,
) -> AsyncIterator[LivenessShopHarness]:
    """Open a shop that is paired and connected."""
    async with simulated_whatsapp() as whatsapp, liveness_shop_of(whatsapp, recycling) as shop:
        await shop.core.connection.pair()
        await shop.until(lambda: shop.status.qr_code)
        assert shop.status.qr_code
        await whatsapp.admin.post("scan", number=SHOP, qr=shop.status.qr_code.text)
        await shop.until_open()
        shop.events.clear()
        yield shop

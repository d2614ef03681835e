"""The system's certificates count when they are allowed and TLS has refused a server without them."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.adapters.system.clock import SystemClock
from app.adapters.whatsapp.messenger import WhatsAppMessenger
from app.domain.close_policy import CloseCause
from app.domain.session import SessionData
from app.ports.messenger import LinkChanged, LinkState
from tests.contracts.heard_messenger import MAIN, Heard
from tests.harness.antivirus import Antivirus, free_port, relay_to
from tests.simulators.memory_store import MemoryStore
from tests.simulators.whatsapp_simulator import simulated_whatsapp

NEW_DEVICE = SessionData(MAIN, credentials="", paired=False)
CERTIFICATE, SERVICE_DOWN = CloseCause.CERTIFICATE, CloseCause.SERVICE_DOWN
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the system's store is a file of the test's own"),
    pytest.mark.requirement("S3"),
]
Connect = Callable[[], Awaitable[LinkChanged]]


@asynccontextmanager
async def sidecar_behind(antivirus: Antivirus, port: int, *, allowed: bool) -> AsyncIterator[Connect]:
    """Yield a function that connects to WhatsApp's own address and returns the close that follows."""
    heard = Heard()
    messenger = WhatsAppMessenger(
        command=antivirus.leads(port),
        store=MemoryStore(),
        clock=SystemClock(),
        log=logging.getLogger("tests.whatsapp"),
        connection_timeout=timedelta(seconds=10),
        system_certificates=allowed,
    )

    async def connect() -> LinkChanged:
        heard.forget()
        await messenger.connect(NEW_DEVICE)
        await heard.until(LinkState.CLOSED)
        return heard.links[-1]

    await messenger.start(heard)
    try:
        yield connect
    finally:
        await messenger.stop()


def causes(folder: Path, *, allowed: bool, tries: int, closed_at_first: bool = False) -> list[object]:
    """Return the cause of each close of one process, in which `tries` connections follow each other."""

    async def story() -> list[object]:
        antivirus, port = Antivirus.install(folder), free_port()
        async with sidecar_behind(antivirus, port, allowed=allowed) as connect:
            first = [(await connect()).cause] if closed_at_first else []
            async with antivirus.listening(port):
                return [*first, *[(await connect()).cause for _ in range(tries)]]

    return asyncio.run(story())


def test_system_certificates_count_from_the_try_after_a_refusal(tmp_path: Path) -> None:
    assert causes(tmp_path, allowed=True, tries=3) == [CERTIFICATE, SERVICE_DOWN, SERVICE_DOWN]


def test_system_certificates_never_count_without_permission(tmp_path: Path) -> None:
    assert causes(tmp_path, allowed=False, tries=2) == [CERTIFICATE, CERTIFICATE]


def test_system_certificates_do_not_count_after_a_closed_port(tmp_path: Path) -> None:
    found = causes(tmp_path, allowed=True, tries=2, closed_at_first=True)
    assert found == [CloseCause.REFUSED, CERTIFICATE, SERVICE_DOWN]


def test_server_known_to_the_system_alone_is_told_no_account(tmp_path: Path) -> None:
    async def story() -> None:
        antivirus, port = Antivirus.install(tmp_path), free_port()
        async with (
            simulated_whatsapp() as whatsapp,
            sidecar_behind(antivirus, port, allowed=True) as connect,
            antivirus.listening(port, relay_to(whatsapp.url)),
        ):
            by_tls, by_noise = [await connect() for _ in range(2)]
            assert (by_tls.cause, by_noise.cause) == (CERTIFICATE, CERTIFICATE)
            assert by_tls.code is not None
            assert by_noise.code is None
            counters = await whatsapp.counters()
            assert (counters["connections"], counters["logins"], counters["pairings"]) == (1, 0, 0)

    asyncio.run(story())

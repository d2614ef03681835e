"""Drives this app's whole way over its real parts: sealed database, sidecar, workers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil

from app import paths
from app.adapters.demo.admin_client import AdminClient
from app.adapters.phone_numbers.typed_numbers import TypedNumbers
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.adapters.system.process_identity import owner_alive, this_process
from app.adapters.vault import DeviceKeySettings, version_counter
from app.adapters.whatsapp.messenger import WhatsAppMessenger
from app.adapters.whatsapp.node_command import NodeCommand, installed_node
from app.domain.events import ConnectionChanged, NotificationChanged
from app.domain.identifiers import NotificationId
from app.domain.notification import TOLD, State
from app.domain.phone import Phone
from app.domain.queue_policy import QueuePolicy
from app.domain.session import ConnectionState
from app.ports.clock import Clock
from app.services.clock.stepped_clock import SteppedClock
from app.services.runtime.core import Core
from app.services.runtime.wiring import build_core
from tests.benchmarks.figures import Round
from tests.benchmarks.server_door import ServerDoor
from tests.harness.opened_store import opened_training
from tests.harness.ports import build_ports, fixed
from tests.harness.shop import MAIN, PATIENT, shop_choices
from tests.harness.sidecar_messenger import build_messenger

_PATIENCE = timedelta(seconds=120)


@dataclass
class OwnSide:
    """A shop that is open: no pace, no time to take a click back."""

    core: Core
    clock: Clock
    sidecar: psutil.Process

    async def send(self, phones: Sequence[Phone], texts: Sequence[str]) -> Round:
        """From the first text's way into the queue until the last is written down as sent."""
        told: set[NotificationId] = set()
        over = asyncio.Event()

        def moved(event: NotificationChanged) -> None:
            if event.notification.state in TOLD:
                told.add(event.notification.id)
                if len(told) == len(texts):
                    over.set()

        leave = self.core.bus.subscribe(NotificationChanged, moved)
        python, began = _cpu(psutil.Process()), self.clock.steady()
        node = _cpu(self.sidecar)
        places = [self.enqueue(phones[position % len(phones)], text) for position, text in enumerate(texts)]
        await asyncio.gather(*places)
        assert await self.clock.wait(over, _PATIENCE), f"{len(told)} of {len(texts)} were told"
        seconds = (self.clock.steady() - began).total_seconds()
        leave()
        return Round(
            len(texts),
            seconds,
            python_ms=(_cpu(psutil.Process()) - python) / len(texts),
            node_ms=(_cpu(self.sidecar) - node) / len(texts),
        )

    async def enqueue(self, phone: Phone, text: str) -> NotificationId:
        placed = await self.core.messages.send_custom_message(phone.number, text)
        assert placed.notification_id, placed
        return placed.notification_id

    async def click(self, door: ServerDoor, phone: Phone) -> float:
        """Milliseconds until the bytes are at the door; returns when the customer has read it and all is quiet."""
        read, over = set[NotificationId](), asyncio.Event()

        def moved(event: NotificationChanged) -> None:
            if event.notification.state is State.READ:
                read.add(event.notification.id)
                over.set()

        leave = self.core.bus.subscribe(NotificationChanged, moved)
        clicked = self.clock.steady()
        door.watch()
        wanted = await self.enqueue(phone, "Seu pedido está pronto!")
        while wanted not in read:
            over.clear()
            assert await self.clock.wait(over, _PATIENCE), "it was not read"
        leave()
        return (door.passed() - clicked).total_seconds() * 1000


@asynccontextmanager
async def own_side(
    folder: Path,
    url: str,
    admin: AdminClient,
    number: str,
    policy: QueuePolicy = PATIENT,
    compile_cache: Path | None = None,
) -> AsyncIterator[OwnSide]:
    """Paired as a device of `number`, or connected again where the folder knows a session."""
    clock, entropy = SteppedClock(SystemClock()), SystemEntropy()
    store, vault = opened_training(folder, entropy, clock)
    messenger = build_messenger(
        store,
        clock,
        url,
        command=NodeCommand(installed_node(), paths.sidecar_bundle(), compile_cache=compile_cache),
        log=logging.getLogger("sidecar"),
        connection_timeout=timedelta(seconds=20),
    )
    ports = build_ports(
        store,
        messenger,
        clock,
        vault=vault,
        entropy=entropy,
        phone_numbers=TypedNumbers(lambda: "73"),
        owner=this_process(),
        owner_alive=owner_alive,
        version=version_counter(DeviceKeySettings(folder, training=True), vault, folder),
    )
    core = build_core(ports, fixed(shop_choices(queue=policy)))
    async with core:
        await _connected(core, clock, admin, number)
        yield OwnSide(core, clock, _sidecar_of(messenger))


async def _connected(core: Core, clock: Clock, admin: AdminClient, number: str) -> None:
    is_open, scanned = asyncio.Event(), set[str]()

    def changed(event: ConnectionChanged) -> None:
        qr = event.status.qr_code
        if qr and qr.text not in scanned:
            scanned.add(qr.text)
            core.background.tasks.start(admin.post("scan", number=number, qr=qr.text), "scan")
        if event.status.is_connected:
            is_open.set()

    core.bus.subscribe(ConnectionChanged, changed)
    changed(ConnectionChanged(core.connection.get_connection_status()))
    if core.connection.get_connection_status().state is ConnectionState.UNPAIRED:
        await core.connection.pair()
    assert await clock.wait(is_open, _PATIENCE), "the connection never opened"


def _sidecar_of(messenger: WhatsAppMessenger) -> psutil.Process:
    running = messenger._links[MAIN].supervisor.current
    assert running
    return psutil.Process(running.pid)


def _cpu(process: psutil.Process) -> float:
    """Milliseconds of all its threads, since its start."""
    times = process.cpu_times()
    return (times.user + times.system) * 1000

"""Makes the real world's parts and puts the product together; the only place that knows every adapter."""

import asyncio
import json
import logging
import os
import signal
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app import paths
from app.adapters.demo.simulator_process import simulator_child
from app.adapters.demo.world import SimulatedWorld
from app.adapters.phone_numbers import LibPhoneNumbers
from app.adapters.sqlite.opening import DatabaseKind, open_database
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.adapters.system.process_identity import owner_alive, this_process
from app.adapters.vault.places import KeySources, device_key_place
from app.adapters.vault.unlocking import new_vault, unlock
from app.adapters.whatsapp.messenger import WhatsAppMessenger
from app.adapters.whatsapp.node_command import NodeCommand, installed_node
from app.config import Settings, read_settings
from app.domain.identifiers import SessionId
from app.domain.order import NotificationType
from app.domain.retry_policy import RetryPolicy
from app.domain.template import MessageTemplate
from app.headless.conversation import Conversation
from app.headless.demo import Demo
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.store import Store
from app.ports.vault import Vault
from app.services.assembly import Choices, Ports, assemble
from app.services.core import Core
from app.services.notifications.queue_policy import QueuePolicy
from app.services.sentences import Sentences
from app.services.templates.values import ShopProfile


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    demo: bool = False
    headless: bool = False
    orders: int = 20
    seed: int = 1
    as_json: bool = False
    data_dir: Path | None = None
    simulated_whatsapp: str | None = None

    @property
    def training(self) -> bool:
        return self.demo or self.simulated_whatsapp is not None


@cache
def sentences() -> Sentences:
    return Sentences(paths.sentences("pt-BR").read_text(encoding="utf-8"))


def run(options: Options) -> int:
    """The exit code; raises StopError with the reason for a refusal."""
    return asyncio.run(_run(options))


async def _run(options: Options) -> int:
    stop = _stop_on_signals()
    work = asyncio.ensure_future(_front_end(options))  # noqa: TID251 - ended below, before the loop is
    stopped = asyncio.ensure_future(stop.wait())  # noqa: TID251 - ended below, before the loop is
    try:
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise KeyboardInterrupt
        return work.result()
    finally:
        for task in (work, stopped):
            task.cancel()
        await asyncio.gather(work, stopped, return_exceptions=True)


def _stop_on_signals() -> asyncio.Event:
    """Ask politely first: SIGTERM, like Ctrl-C, lets what is in flight be answered."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for asked in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(asked, stop.set)
        except NotImplementedError:  # Windows raises KeyboardInterrupt by itself
            return stop
    return stop


async def _front_end(options: Options) -> int:
    async with AsyncExitStack() as parts:
        world, url = await _world(options, parts)
        core = open_core(options, parts, url)
        if world and options.demo:
            demo = Demo(core, world, sentences(), options.orders, as_json=options.as_json)
            return 0 if await demo.run() else 1
        async with core:
            await Conversation(core, sentences(), sys.stdout).run()
        return 0


async def _world(options: Options, parts: AsyncExitStack) -> tuple[SimulatedWorld | None, str | None]:
    """The simulated world of a training and the address at which the app finds its WhatsApp."""
    if not options.training:
        return None, None
    url = options.simulated_whatsapp
    if url is None:
        url = await parts.enter_async_context(simulator_child(installed_node(), paths.simulator_bundle()))
    world = SimulatedWorld(url, options.seed, SystemClock())
    await world.open()
    if options.simulated_whatsapp is None:
        await world.hurry()
    return world, url


def open_core(options: Options, parts: AsyncExitStack, simulated_url: str | None) -> Core:
    """The product over its real parts, not started yet; raises StopError where the data cannot be opened."""
    folder = options.data_dir or paths.data_folder(training=options.training)
    folder.mkdir(parents=True, exist_ok=True)
    settings = read_settings(folder)
    clock, entropy = SystemClock(), SystemEntropy()
    store, vault = _open_store(folder, clock, entropy, training=options.training)
    messenger = WhatsAppMessenger(
        command=NodeCommand(installed_node(), paths.sidecar_bundle()),
        store=store,
        clock=clock,
        log=logging.getLogger("app.sidecar"),
        connection_timeout=settings.connection_timeout,
        simulated_url=simulated_url,
    )
    numbers = LibPhoneNumbers(settings.SHOP_AREA_CODE)
    ports = Ports(store, messenger, vault, clock, entropy, numbers, this_process(), owner_alive)
    return assemble(ports, _choices(settings))


def _open_store(folder: Path, clock: Clock, entropy: Entropy, *, training: bool) -> tuple[Store, Vault]:
    kind = DatabaseKind.TRAINING if training else DatabaseKind.REAL
    opened = open_database(folder / "coco-loko.db", kind)
    key_file = os.environ.get("COCO_KEY_FILE")
    place = device_key_place(
        KeySources(
            folder=folder,
            training=training,
            master_key=os.environ.get("COCO_MASTER_KEY"),
            key_file=Path(key_file) if key_file else None,
            passphrase=os.environ.get("COCO_PASSPHRASE"),
        ),
        entropy,
    )
    if opened.is_new:
        unlocked = new_vault(place, entropy)
    else:
        unlocked = unlock(opened.wraps, place, opened.key_place, entropy)
    return opened.store(unlocked.vault, unlocked.wraps, unlocked.place, clock), unlocked.vault


def _choices(settings: Settings) -> Choices:
    shipped = json.loads(paths.default_templates().read_text(encoding="utf-8"))
    return Choices(
        session_id=SessionId(settings.WHATSAPP_SESSION_ID),
        templates=tuple(
            MessageTemplate(name, NotificationType(name), content) for name, content in shipped.items()
        ),
        shop=ShopProfile(settings.SHOP_NAME, settings.SHOP_ADDRESS, settings.SHOP_PHONE),
        queue=QueuePolicy(
            batch_size=settings.MESSAGE_QUEUE_BATCH_SIZE,
            retry=RetryPolicy(max_retries=settings.NOTIFICATION_RETRY_ATTEMPTS),
        ),
    )

"""Composition root: creates the adapters and wires the product; the only module that imports every adapter."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.adapters.paper.printed_paper import PrintedPaper
from app.adapters.phone_numbers.typed_numbers import TypedNumbers
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.adapters.system.log_files import LogFiles
from app.adapters.system.process_identity import owner_alive, this_process
from app.adapters.vault.pin_hasher import Argon2PinHasher
from app.adapters.whatsapp.messenger import WhatsAppMessenger
from app.adapters.whatsapp.node_command import NodeCommand, child_environment, installed_node
from app.bootstrap.database import OpenedFolder, open_folder
from app.bootstrap.options import Options
from app.bootstrap.service_config import live_config
from app.bootstrap.state_folder import locked_folder
from app.config import read_given, unknown_settings
from app.domain.errors import FormerTrainingError, SimulatorUnreachableError
from app.domain.identifiers import SessionId
from app.domain.setting_sources import SourcedValue
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.store import Rows, Store
from app.services.clock.stepped_clock import SteppedClock
from app.services.runtime.core import Core
from app.services.runtime.dependencies import Ports
from app.services.runtime.live_config import LiveConfig
from app.services.runtime.wiring import build_core

if TYPE_CHECKING:
    from app.adapters.demo.world import SimulatedWorld

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shop:
    """Core that is not started yet; in a training, `world` is its simulated surroundings.

    `unknown_settings` are names in `config.toml` without effect.
    """

    core: Core
    world: "SimulatedWorld | None"
    key_place: str
    unknown_settings: tuple[str, ...] = ()


@asynccontextmanager
async def open_shop(options: Options) -> AsyncIterator[Shop]:
    """Open the shop over its real adapters; raises FatalError where one refuses."""
    with locked_folder(options) as folder:
        async with shop_in(folder, options) as shop:
            yield shop


@asynccontextmanager
async def shop_in(folder: Path, options: Options) -> AsyncIterator[Shop]:
    """Open the shop in a folder that the caller has locked."""
    async with AsyncExitStack() as parts:
        given = read_given(folder)
        parts.enter_context(LogFiles(folder))
        unknown = _unknown_settings(folder)
        command = NodeCommand(installed_node(), paths.sidecar_bundle(), compile_cache=_compile_cache(options))
        command.check()
        clock, entropy = SteppedClock(SystemClock()), SystemEntropy()
        opened, world, url = await _opened_beside_world(folder, clock, entropy, options, parts)
        store, config = opened.store, await _config(opened.store, given, options)
        settings = config.sources.settings()
        if options.own_simulator:
            await _refuse_former_training(store, SessionId(settings.WHATSAPP_SESSION_ID))
        messenger = WhatsAppMessenger(
            command=command,
            store=store,
            clock=clock,
            log=logging.getLogger("sidecar"),
            connection_timeout=settings.connection_timeout,
            simulated_url=url,
            browser=settings.WHATSAPP_BROWSER,
            system_certificates=settings.WHATSAPP_SYSTEM_CERTIFICATES,
        )
        ports = Ports(
            store=store,
            messenger=messenger,
            vault=opened.vault,
            clock=clock,
            entropy=entropy,
            phone_numbers=TypedNumbers(config.area_code),
            owner=this_process(),
            owner_alive=owner_alive,
            version=opened.version,
            paper=PrintedPaper(paths.fonts()),
            pin_hasher=Argon2PinHasher(),
            custody=opened.custody,
        )
        yield Shop(build_core(ports, config), world, opened.key_place, unknown)


async def _config(store: Store, given: Mapping[str, SourcedValue], options: Options) -> LiveConfig:
    """Return the configuration; a failure closes the database."""
    try:
        return await live_config(store, given, keeps_pace=options.keeps_pace)
    except BaseException:
        await store.close()
        raise


async def _opened_beside_world(
    folder: Path, clock: Clock, entropy: Entropy, options: Options, parts: AsyncExitStack
) -> tuple[OpenedFolder, "SimulatedWorld | None", str | None]:
    """Open the database while Node starts the simulated world; a failure of the world closes the database."""
    # In a thread: the keyring may wait for a person, and the event loop must not block meanwhile.
    chosen = {"training": options.training, "anew": options.new_database}
    opening = asyncio.to_thread(open_folder, folder, clock, entropy, **chosen)
    opened, found = await asyncio.gather(opening, _world(options, parts), return_exceptions=True)
    if isinstance(opened, BaseException):
        raise opened
    if isinstance(found, BaseException):
        await opened.store.close()
        raise found
    return opened, *found


def _unknown_settings(folder: Path) -> tuple[str, ...]:
    """Log unknown settings and return them; the front ends show them."""
    if unknown := unknown_settings(folder):
        _log.warning("unknown_setting", extra={"settings": unknown})
    return unknown


async def _world(options: Options, parts: AsyncExitStack) -> tuple["SimulatedWorld | None", str | None]:
    """Return the simulated world of a training and the websocket address of its WhatsApp.

    Another server than our simulator has no world, and gets no request but the program's own connection.
    """
    if not options.training:
        return None, None
    from app.adapters.demo.simulator_process import simulator_child  # noqa: PLC0415 - trainings alone need it
    from app.adapters.demo.world import SimulatedWorld  # noqa: PLC0415 - see above

    url = options.simulated_whatsapp
    if url is None:
        node, bundle = installed_node(), paths.simulator_bundle()
        NodeCommand(node, bundle).check()
        child = simulator_child(node, bundle, child_environment(os.environ, _compile_cache(options)))
        url = await parts.enter_async_context(child)
    world = SimulatedWorld(url, options.seed, SystemClock())
    if not await world.is_there():
        if options.demo:
            raise SimulatorUnreachableError(reason="another")
        return None, url
    await world.open()
    if options.own_simulator and options.headless:
        await world.shorten_delays()
    return world, url


def _compile_cache(options: Options) -> Path | None:
    """Return the folder of Node's compile cache; None for a self-test, which leaves no file behind."""
    return None if options.self_test else paths.compile_cache()


async def _refuse_former_training(store: Store, session_id: SessionId) -> None:
    """Refuse a database of another world: the new phones know neither its session nor its messages."""

    def used(rows: Rows) -> bool:
        session = rows.sessions.get(session_id)
        return bool(session and session.paired) or bool(rows.orders.latest(1))

    if await store.read(used):
        await store.close()
        raise FormerTrainingError


def training_store(folder: Path) -> Store:
    return open_folder(folder, SystemClock(), SystemEntropy(), training=True).store

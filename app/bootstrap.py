"""Makes the real world's parts and puts the product together; the only place that knows every adapter."""

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.adapters.demo.simulator_process import simulator_child
from app.adapters.demo.world import SimulatedWorld
from app.adapters.phone_numbers.typed_numbers import TypedNumbers
from app.adapters.sqlite.opening import DatabaseKind, open_database
from app.adapters.system.clock import SystemClock
from app.adapters.system.data_folder import prepare_data_folder
from app.adapters.system.entropy import SystemEntropy
from app.adapters.system.log_files import LogFiles
from app.adapters.system.process_identity import owner_alive, this_process
from app.adapters.system.single_instance import SingleInstance
from app.adapters.vault.places import KeySources, device_key_place
from app.adapters.vault.unlocking import new_vault, unlock
from app.adapters.whatsapp.messenger import WhatsAppMessenger
from app.adapters.whatsapp.node_command import NodeCommand, child_environment, installed_node
from app.config import Settings, read_settings
from app.domain.errors import BadSettingError, DataFolderInUseError, StopError
from app.domain.identifiers import SessionId
from app.domain.order import NotificationType
from app.domain.pacing import NO_PACE, PacePolicy
from app.domain.retry_policy import RetryPolicy
from app.domain.template import MessageTemplate
from app.headless.conversation import Conversation
from app.headless.demo import Demo
from app.headless.self_test import Premises, run_self_test
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.store import Store
from app.ports.training import TrainingWorld
from app.ports.vault import Vault
from app.services.assembly import assemble
from app.services.core import Core
from app.services.notifications.queue_policy import QueuePolicy
from app.services.sentences import Sentences
from app.services.surroundings import Choices, Ports
from app.services.templates.values import ShopProfile
from app.ui.opening import (
    demand_screen,
    open_hidden_screen,
    open_window,
    qt_belongs_here,
    raise_first_window,
)

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow
    from app.ui.page_context import PageContext

DATABASE = "coco-loko.db"
_NAME_WITHOUT_SETTINGS = "Coco Loko"


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
    self_test: bool = False

    @property
    def training(self) -> bool:
        return self.demo or self.simulated_whatsapp is not None


@dataclass(frozen=True, slots=True)
class Shop:
    """A core that has not been started; `world` is the simulated one around it, in a training."""

    core: Core
    world: SimulatedWorld | None
    key_place: str


@cache
def sentences() -> Sentences:
    return Sentences(paths.sentences("pt-BR").read_text(encoding="utf-8"))


def run(options: Options) -> int:
    """The exit code; raises StopError with the reason of a refusal, KeyboardInterrupt when asked to end."""
    # What is said before the log is open, or after it is closed, has no place on a person's terminal.
    logging.getLogger().addHandler(logging.NullHandler())
    if options.self_test:
        return _self_test()
    return asyncio.run(_until_stopped(options)) if options.headless else _Windowed(options).run()


class _Windowed:
    """The shop behind a window; what a training adds is known only once the shop is open."""

    def __init__(self, options: Options) -> None:
        self._options, self._folder = options, _folder(options)
        self._world: SimulatedWorld | None = None
        self._refusal: StopError | None = None

    def run(self) -> int:
        """The lock is taken before there is a window, so that a second start shows none of its own."""
        demand_screen()
        with ExitStack() as held:
            try:
                prepare_data_folder(self._folder)
                held.enter_context(SingleInstance(self._folder))
            except StopError as refusal:
                if isinstance(refusal, DataFolderInUseError) and raise_first_window(self._folder):
                    return 0
                self._refusal = refusal
            return open_window(
                self._core,
                sentences(),
                folder=None if self._refusal else self._folder,
                shop_name=self._shop_name(),
                training=self._options.training,
                furnishings=(self._furnish,),
            )

    @asynccontextmanager
    async def _core(self) -> AsyncIterator[Core]:
        """A shop that is refused is so here, for the window to explain it."""
        if self._refusal:
            raise self._refusal
        async with _shop_in(self._folder, self._options) as shop, shop.core:
            self._world = shop.world
            yield shop.core

    def _furnish(self, window: "MainWindow", context: "PageContext") -> None:
        if self._world and self._options.demo:
            from app.ui.demo.furnishing import furnish_training  # noqa: PLC0415 - Qt is loaded for windows alone

            furnish_training(window, context, self._world, self._options.orders)

    def _shop_name(self) -> str:
        """A setting that is refused is explained in the window, which needs a name before that."""
        try:
            return read_settings(self._folder).SHOP_NAME
        except BadSettingError:
            return _NAME_WITHOUT_SETTINGS


def _self_test() -> int:
    """On the window's own loop, where there is one."""
    screen = open_hidden_screen(sentences(), _NAME_WITHOUT_SETTINGS)
    premises = Premises(
        _training_store, _training_shop, screen.draw if screen else None, with_qt=qt_belongs_here()
    )
    return run_self_test(premises, sentences(), screen.run if screen else asyncio.run)


def _training_store(folder: Path) -> Store:
    return _unlock(folder, SystemClock(), SystemEntropy(), training=True)[0]


@asynccontextmanager
async def _training_shop(folder: Path) -> AsyncIterator[tuple[Core, TrainingWorld]]:
    async with open_shop(Options(demo=True, headless=True, data_dir=folder)) as shop:
        assert shop.world  # noqa: S101 - every training has one
        yield shop.core, shop.world


async def _until_stopped(options: Options) -> int:
    """SIGTERM, like Ctrl-C, lets what is in flight be answered and everything be closed."""
    if (work := asyncio.current_task()) and sys.platform != "win32":
        for asked in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(asked, work.cancel)
    try:
        return await _front_end(options)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _front_end(options: Options) -> int:
    async with open_shop(options) as shop:
        if shop.world and options.demo:
            demo = Demo(shop.core, shop.world, sentences(), options.orders, as_json=options.as_json)
            return 0 if await demo.run() else 1
        conversation = Conversation(shop.core, sentences(), sys.stdout)
        async with shop.core:
            await conversation.run()
        return 0


@asynccontextmanager
async def open_shop(options: Options) -> AsyncIterator[Shop]:
    """The product over its real parts; raises StopError where a part refuses."""
    folder = _folder(options)
    prepare_data_folder(folder)
    with SingleInstance(folder):
        async with _shop_in(folder, options) as shop:
            yield shop


@asynccontextmanager
async def _shop_in(folder: Path, options: Options) -> AsyncIterator[Shop]:
    """Whoever asks for it holds the folder."""
    async with AsyncExitStack() as parts:
        settings = read_settings(folder)
        parts.enter_context(LogFiles(folder))
        command = NodeCommand(installed_node(), paths.sidecar_bundle())
        command.check()
        world, url = await _world(options, parts)
        clock, entropy = SystemClock(), SystemEntropy()
        # The keyring may keep us waiting for a person; the loop is not to stand still meanwhile.
        store, vault, place = await asyncio.to_thread(
            _unlock, folder, clock, entropy, training=options.training
        )
        messenger = WhatsAppMessenger(
            command=command,
            store=store,
            clock=clock,
            log=logging.getLogger("sidecar"),
            connection_timeout=settings.connection_timeout,
            simulated_url=url,
        )
        numbers = TypedNumbers(settings.SHOP_AREA_CODE)
        ports = Ports(store, messenger, vault, clock, entropy, numbers, this_process(), owner_alive)
        yield Shop(assemble(ports, _choices(settings, training=options.training)), world, place)


def _folder(options: Options) -> Path:
    return (options.data_dir or paths.data_folder(training=options.training)).absolute()


async def _world(options: Options, parts: AsyncExitStack) -> tuple[SimulatedWorld | None, str | None]:
    """The simulated world of a training and the address at which the app finds its WhatsApp."""
    if not options.training:
        return None, None
    url = options.simulated_whatsapp
    if url is None:
        child = simulator_child(installed_node(), paths.simulator_bundle(), child_environment(os.environ))
        url = await parts.enter_async_context(child)
    world = SimulatedWorld(url, options.seed, SystemClock())
    await world.open()
    if options.simulated_whatsapp is None and options.headless:
        await world.hurry()
    return world, url


def _unlock(folder: Path, clock: Clock, entropy: Entropy, *, training: bool) -> tuple[Store, Vault, str]:
    opened = open_database(folder / DATABASE, DatabaseKind.TRAINING if training else DatabaseKind.REAL)
    place = device_key_place(_key_sources(folder, training=training), entropy)
    unlocked = (
        new_vault(place, entropy) if opened.is_new else unlock(opened.wraps, place, opened.key_place, entropy)
    )
    store = opened.store(unlocked.vault, unlocked.wraps, unlocked.place, clock)
    return store, unlocked.vault, unlocked.place


def _key_sources(folder: Path, *, training: bool) -> KeySources:
    key_file = os.environ.get("COCO_KEY_FILE")
    return KeySources(
        folder=folder,
        training=training,
        master_key=os.environ.get("COCO_MASTER_KEY"),
        key_file=Path(key_file) if key_file else None,
        passphrase=os.environ.get("COCO_PASSPHRASE"),
    )


def _choices(settings: Settings, *, training: bool) -> Choices:
    shipped = json.loads(paths.default_templates().read_text(encoding="utf-8"))
    return Choices(
        session_id=SessionId(settings.WHATSAPP_SESSION_ID),
        templates=tuple(
            MessageTemplate(name, NotificationType(name), text) for name, text in shipped.items()
        ),
        opt_out_texts=json.loads(paths.opt_out_texts().read_text(encoding="utf-8")),
        retention=timedelta(days=settings.RETENTION_DAYS),
        shop=ShopProfile(settings.SHOP_NAME, settings.SHOP_ADDRESS, settings.SHOP_PHONE),
        queue=QueuePolicy(
            batch_size=settings.MESSAGE_QUEUE_BATCH_SIZE,
            retry=RetryPolicy(max_retries=settings.NOTIFICATION_RETRY_ATTEMPTS),
            time_to_live=timedelta(minutes=settings.TIME_TO_LIVE_MINUTES),
            repeats_doubts=settings.IN_DOUBT == "resend",
        ),
        undo_window=timedelta(seconds=settings.UNDO_SECONDS),
        pace=NO_PACE if training else PacePolicy(settings.PACE_PER_MINUTE, settings.PACE_PER_CUSTOMER_HOUR),
        more_sessions=tuple(SessionId(name) for name in settings.more_session_ids),
        take_over=settings.WHATSAPP_TAKE_OVER,
    )

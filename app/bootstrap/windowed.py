"""Front end with a window."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.adapters.sound.miniaudio_sounds import MiniaudioSounds
from app.adapters.system.autostart import find_autostart
from app.adapters.system.data_folder import prepare_data_folder
from app.adapters.system.preferences_file import PreferencesFile
from app.adapters.system.single_instance import SingleInstance
from app.bootstrap.options import Options
from app.bootstrap.portuguese import sentences
from app.bootstrap.shop import shop_in
from app.bootstrap.state_folder import state_folder
from app.config import read_settings
from app.domain.errors import BadSettingError, DataFolderInUseError, FatalError
from app.services.background_tasks import run_shielded
from app.services.runtime.core import Core
from app.ui.machine import Machine
from app.ui.opening import demand_screen, open_window, raise_running_window
from app.ui.stop_cure import StopActs

if TYPE_CHECKING:
    from app.adapters.demo.world import SimulatedWorld
    from app.ui.main_window import MainWindow
    from app.ui.page_context import PageContext

NAME_WITHOUT_SETTINGS = "Coco Loko"


def run_windowed(options: Options) -> int:
    """Run the shop behind a window; return the exit code; without a screen no file is made."""
    demand_screen()
    return _Windowed(options).run()


class _Windowed:
    """State of a windowed run; a training's additions are known once the shop is open."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._folder: Path | None = None
        """None until we hold its lock."""
        self._name = NAME_WITHOUT_SETTINGS
        self._world: SimulatedWorld | None = None
        self._unknown_settings: tuple[str, ...] = ()
        self._refusal: FatalError | None = None
        self._opened = False

    def run(self) -> int:
        """Open the window, after the lock is taken: a second start must not show a window."""
        with ExitStack() as held:
            try:
                if not self._hold_folder(held):
                    return 0
            except FatalError as refusal:
                self._refusal = refusal
            sounds = MiniaudioSounds(paths.sounds())
            held.callback(sounds.close)
            preferences = PreferencesFile(self._folder) if self._folder else None
            return open_window(
                self._core,
                sentences(),
                folder=self._folder,
                shop_name=self._name,
                training=self._options.training,
                extensions=(self._extend_window,),
                acts=StopActs(self._recover, self._restore, self._import_copy),
                machine=Machine(sounds, preferences, find_autostart()),
            )

    def _hold_folder(self, held: ExitStack) -> bool:
        """Lock the data folder; return False where another process holds it and has raised its window.

        Raises FatalError.
        """
        folder = held.enter_context(state_folder(self._options))
        self._name = _shop_name(folder)
        prepare_data_folder(folder)
        try:
            held.enter_context(SingleInstance(folder))
        except DataFolderInUseError:
            if raise_running_window(folder):
                return False
            raise
        self._folder = folder
        return True

    @asynccontextmanager
    async def _core(self) -> AsyncIterator[Core]:
        """Open the shop; a refusal is raised here, for the window to explain it."""
        if self._refusal or self._folder is None:
            raise self._refusal or FatalError()
        if self._opened:
            # The objects of the core and window before a reopening are frozen; no collection would find them.
            gc.unfreeze()
            gc.collect()
        self._opened = True
        async with shop_in(self._folder, self._options) as shop, shop.core:
            self._world, self._unknown_settings = shop.world, shop.unknown_settings
            yield shop.core

    async def _recover(self, phrase: str) -> None:
        """Open the keys by the phrase, in a thread: the keyring may wait for a person.

        Cancelled, it still ends before the folder's lock is released.
        """
        from app.bootstrap.recovery import recover_folder  # noqa: PLC0415 - a shop needs it once, if ever

        assert self._folder  # noqa: S101 - a refusal before the lock has another cure
        work = asyncio.to_thread(recover_folder, self._folder, phrase, training=self._options.training)
        await run_shielded(work)

    async def _restore(self, backup: Path) -> None:
        """Put the backup in the place of the database, in a thread and to its end, like a recovery."""
        from app.bootstrap.backups import restore_folder  # noqa: PLC0415 - as seldom as a recovery

        assert self._folder  # noqa: S101 - see above
        work = asyncio.to_thread(restore_folder, self._folder, backup, training=self._options.training)
        await run_shielded(work)

    async def _import_copy(self, backup: Path) -> None:
        """Put another PC's backup in the place of the empty database, in a thread and to its end."""
        from app.bootstrap.copy_import import import_copy  # noqa: PLC0415 - a shop needs it once, if ever

        assert self._folder  # noqa: S101 - the window had the shop open
        work = asyncio.to_thread(import_copy, self._folder, backup, training=self._options.training)
        await run_shielded(work)

    def _extend_window(self, window: "MainWindow", context: "PageContext") -> None:
        # The window has rounds of its own; what the start made lives as long as it, and none need look at that.
        gc.freeze()
        if self._unknown_settings:
            names = ", ".join(self._unknown_settings)
            window.show_problem(sentences().of_code("unknown_setting", {"name": names}))
        if self._world and self._options.demo:
            from app.ui.demo.training_pages import add_training  # noqa: PLC0415 - Qt is loaded for windows alone

            add_training(window, context, self._world, self._options.orders)


def _shop_name(folder: Path) -> str:
    """Return the shop's name, or the default for refused settings: the window that explains them needs a name."""
    try:
        return read_settings(folder).SHOP_NAME
    except BadSettingError:
        return NAME_WITHOUT_SETTINGS

"""The shop behind a window."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters.demo.world import SimulatedWorld
from app.adapters.system.data_folder import prepare_data_folder
from app.adapters.system.single_instance import SingleInstance
from app.bootstrap.options import Options
from app.bootstrap.portuguese import sentences
from app.bootstrap.shop import shop_in
from app.bootstrap.state_folder import state_folder
from app.config import read_settings
from app.domain.errors import BadSettingError, DataFolderInUseError, StopError
from app.services.core import Core
from app.ui.opening import demand_screen, open_window, raise_first_window

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow
    from app.ui.page_context import PageContext

NAME_WITHOUT_SETTINGS = "Coco Loko"


def run_windowed(options: Options) -> int:
    """The exit code; without a screen nothing is made on the disk."""
    demand_screen()
    with state_folder(options) as folder:
        return _Windowed(options, folder).run()


class _Windowed:
    """What a training adds is known only once the shop is open."""

    def __init__(self, options: Options, folder: Path) -> None:
        self._options, self._folder = options, folder
        self._world: SimulatedWorld | None = None
        self._unknown_settings: tuple[str, ...] = ()
        self._refusal: StopError | None = None

    def run(self) -> int:
        """The lock is taken before there is a window, so that a second start shows none of its own."""
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
        async with shop_in(self._folder, self._options) as shop, shop.core:
            self._world, self._unknown_settings = shop.world, shop.unknown_settings
            yield shop.core

    def _furnish(self, window: "MainWindow", context: "PageContext") -> None:
        if self._unknown_settings:
            names = ", ".join(self._unknown_settings)
            window.show_trouble(sentences().of_code("unknown_setting", {"name": names}))
        if self._world and self._options.demo:
            from app.ui.demo.furnishing import furnish_training  # noqa: PLC0415 - Qt is loaded for windows alone

            furnish_training(window, context, self._world, self._options.orders)

    def _shop_name(self) -> str:
        """A setting that is refused is explained in the window, which needs a name before that."""
        try:
            return read_settings(self._folder).SHOP_NAME
        except BadSettingError:
            return NAME_WITHOUT_SETTINGS

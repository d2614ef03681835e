"""Window extension of a training: dock of phones, owner that scans, rush of orders."""

from datetime import timedelta
from typing import Final

from PySide6.QtCore import Qt

from app.domain.session import ConnectionState
from app.ports.training import TrainingWorld
from app.services.runtime.core import Core
from app.services.runtime.training import SimulatedOwner
from app.ui.demo.customers_dock import CustomersDock
from app.ui.main_window import MainWindow
from app.ui.page_context import PageContext

# Long enough for a person to see the code before the simulated phone reads it.
_DAWDLE: Final = timedelta(seconds=2)


def add_training(window: MainWindow, context: PageContext, world: TrainingWorld, orders: int) -> None:
    """Add the dock and start the simulation; `orders` is the number of orders in the rush."""
    dock = CustomersDock(context, world)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    SimulatedOwner(context.core, world, _DAWDLE).watch()
    context.runner.start(_open_for_business(context.core))
    context.runner.start(_rush(context.core, world, orders))


async def _open_for_business(core: Core) -> None:
    if core.connection.get_connection_status().state is ConnectionState.UNPAIRED:
        await core.connection.pair()


async def _rush(core: Core, world: TrainingWorld, orders: int) -> None:
    known = await core.board.orders(world.order_ids(orders))
    await core.watcher.watch(await world.rush(orders, known))

"""Scenes of Pedidos: full, empty, one order open, searched, without a connection, the form."""

from PySide6.QtWidgets import QWidget

from app.ui.orders.new_order_dialog import NewOrderDialog
from app.ui.orders.orders_page import OrdersPage
from tests.gui.screens.afternoon import live_through, one_waits_for_the_connection
from tests.gui.screens.stage import Stage


async def empty(stage: Stage) -> None:
    _ = stage


async def loading(stage: Stage) -> None:
    """Too short to be caught, so it is put back."""
    page = stage.find(OrdersPage)
    page.orders.loaded = False
    page.area.show_for(page.orders)


async def full(stage: Stage) -> None:
    await live_through(stage)
    await stage.settle()


async def opened(stage: Stage) -> None:
    await full(stage)
    stage.find(OrdersPage).jump(122)
    await stage.settle()


async def failed(stage: Stage) -> None:
    await full(stage)
    stage.find(OrdersPage).jump(123)
    await stage.settle()


async def not_found(stage: Stage) -> None:
    await full(stage)
    page = stage.find(OrdersPage)
    page.search.setText("Gumercindo")
    page.orders.set_search("Gumercindo")


async def offline(stage: Stage) -> None:
    await full(stage)
    await one_waits_for_the_connection(stage)


async def form(stage: Stage) -> None:
    await full(stage)
    stage.find(OrdersPage).open_new_order()
    await stage.settle()


async def form_with_faults(stage: Stage) -> None:
    await form(stage)
    dialog = stage.window.findChild(NewOrderDialog)
    assert isinstance(dialog, QWidget)
    dialog.phone.setText("73 9999")
    dialog.submit()
    await stage.settle()

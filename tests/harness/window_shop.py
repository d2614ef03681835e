"""Harness of the GUI tests: window over a shop in memory, with input helpers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app import paths
from app.domain.order import Order
from app.services.orders.board_row import BoardRow
from app.services.runtime.dependencies import ServiceConfig
from app.services.runtime.live_config import LiveConfig
from app.services.text.message_catalog import MessageCatalog
from app.ui.event_bridge import EventBridge
from app.ui.machine import Machine
from app.ui.main_window import MainWindow
from app.ui.orders.orders_page import OrdersPage
from app.ui.orders.row_geometry import geometry
from app.ui.orders.status_chip import QueueHold, StatusChip, status_chip_of
from app.ui.page_context import PageContext
from app.ui.pages import add_pages
from app.ui.task_runner import TaskRunner
from app.ui.theme import Theme
from tests.harness.shop import Shop, open_shop
from tests.harness.waiting import wait_until

SENTENCES = MessageCatalog(paths.sentences("pt-BR").read_text("utf-8"))


@dataclass
class WindowShopHarness:
    shop: Shop
    window: MainWindow
    page: OrdersPage
    context: PageContext
    opened: list[str] = field(default_factory=list)
    """Links that the window opened, in place of a browser."""

    async def see(self, *orders: Order) -> None:
        """Let the orders arrive and wait until the list shows them."""
        for order in orders:
            await self.shop.core.watcher.store_and_notify(order)
        await wait_until(lambda: all(self.row(order) for order in orders))
        await self.rest()

    async def rest(self) -> None:
        """Let the rows stand still for long enough to be aimed at, and the lock of a step end."""
        await for_a_while(20)
        await self.shop.pass_time(seconds=1.5)

    def row(self, order: Order) -> BoardRow | None:
        """Return the order's row in the list, None if it is not loaded."""
        index = self.page.model.place_of(order.id)
        return self.page.model.row(index.row()) if index.isValid() else None

    def chip(self, order: Order, stage: int) -> StatusChip | None:
        """Return the status chip of the order's first, second or third stage."""
        row = self.row(order)
        notice = row.notices[stage] if row else None
        return status_chip_of(notice.notification, QueueHold.NONE) if notice else None

    def words(self, order: Order) -> str:
        """Return the row's text for screen readers."""
        index = self.page.model.place_of(order.id)
        return str(self.page.model.data(index, Qt.ItemDataRole.AccessibleTextRole))

    def button(self, order: Order) -> QPoint:
        """Return the centre of the row's button."""
        index = self.page.model.place_of(order.id)
        return geometry(self.page.list.visualRect(index)).button.center()

    def click(self, order: Order) -> None:
        QTest.mouseClick(self.page.list.viewport(), Qt.MouseButton.LeftButton, pos=self.button(order))

    def press(self, *keys: Qt.Key | str, on: QWidget | None = None) -> None:
        for key in keys:
            if isinstance(key, str):
                QTest.keyClicks(on or self.page.list, key)
            else:
                QTest.keyClick(on or self.page.list, key)


async def for_a_while(rounds: int = 200) -> None:
    """Run the loop long enough for pending work in memory to finish."""
    for _ in range(rounds):
        await asyncio.sleep(0)  # noqa: TID251 - gives way, waits for no time


@dataclass
class OpenedLinks:
    """Recorder in the place of the system's browser."""

    links: list[str] = field(default_factory=list)

    def open_link(self, link: str) -> bool:
        self.links.append(link)
        return True


@asynccontextmanager
async def open_window_shop(
    theme: Theme,
    *,
    paired: bool = True,
    undo_window: timedelta = timedelta(0),
    choices: ServiceConfig | None = None,
    live: LiveConfig | None = None,
    training: bool = False,
    machine: Machine | None = None,
) -> AsyncIterator[WindowShopHarness]:
    async with open_shop(paired=paired, undo_window=undo_window, choices=choices, live=live) as shop:
        window = MainWindow(theme, SENTENCES, "Coco Loko", training=False)
        runner, bridge, opened = TaskRunner(SENTENCES), EventBridge(shop.core), OpenedLinks()
        made = PageContext(
            shop.core, bridge, runner, SENTENCES, theme, "Coco Loko", training, opened.open_link
        )
        context = replace(made, sounds=machine.sounds, autostart=machine.autostart) if machine else made
        add_pages(window, context)
        window.show()
        page = window.pages.widget(0)
        assert isinstance(page, OrdersPage)
        await wait_until(lambda: page.orders.loaded)
        try:
            yield WindowShopHarness(shop, window, page, context, opened.links)
        finally:
            bridge.close()
            await runner.stop()
            window.hide()
            window.deleteLater()
            await for_a_while(3)

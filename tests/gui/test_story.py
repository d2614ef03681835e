"""End-to-end story over real parts: pairing, order, delivered message."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest

from app import bootstrap
from app.bootstrap import Options
from app.domain.events import ReplyArrived
from app.domain.identifiers import OrderId
from app.domain.notification import State
from app.ports.training import TrainingWorld
from app.services.orders.board_row import BoardRow
from app.services.runtime.core import Core
from app.ui.event_bridge import EventBridge
from app.ui.main_window import MainWindow
from app.ui.orders.list_area import ListArea
from app.ui.orders.new_order_dialog import NewOrderDialog
from app.ui.orders.orders_page import OrdersPage
from app.ui.orders.row_geometry import geometry
from app.ui.orders.status_chip import QueueHold, status_chip_of
from app.ui.page_context import PageContext
from app.ui.pages import add_pages
from app.ui.settings.whatsapp_section import WhatsAppSection
from app.ui.task_runner import TaskRunner
from app.ui.theme import Theme
from tests.harness.waiting import wait_until
from tests.harness.window_shop import SENTENCES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

_WITHIN_SECONDS = 20
Q = TypeVar("Q", bound=QObject)


@asynccontextmanager
async def window_over(core: Core, theme: Theme) -> AsyncIterator[MainWindow]:
    window = MainWindow(theme, SENTENCES, "Coco Loko", training=True)
    runner, bridge = TaskRunner(SENTENCES, window), EventBridge(core, window)
    add_pages(window, PageContext(core, bridge, runner, SENTENCES, theme, "Coco Loko", training=True))
    window.show()
    try:
        yield window
    finally:
        bridge.close()
        await runner.stop()
        window.hide()
        window.deleteLater()


def part(window: QObject, kind: type[Q]) -> Q:
    found = window.findChild(kind)
    assert isinstance(found, kind)
    return found


def only_row(page: OrdersPage) -> BoardRow:
    """Return the row of the only order, under its group's heading."""
    (order_id,) = page.orders.ids
    row = page.model.row(page.model.place_of(order_id).row())
    assert row is not None
    return row


async def pair(window: MainWindow, world: TrainingWorld) -> None:
    """Pair from the empty list to the page that says Pronto."""
    area = part(window, ListArea)
    await wait_until(lambda: area.stack.currentWidget() is area.unpaired)
    area.unpaired.button.click()
    section = part(window, WhatsAppSection)
    page = section.pairing
    await wait_until(lambda: page.qr.text)
    assert page.progress.accessibleName() == "Andamento: Esperando o celular"
    assert page.ring.left.total_seconds() > 5
    await world.scan(page.qr.text)
    await wait_until(lambda: page.title.text() == "Pronto!")
    assert page.progress.accessibleName() == "Andamento: Pronto"
    page.button.click()
    assert section.card.isVisible()


async def type_in_an_order(window: MainWindow, phone: str) -> None:
    page = part(window, OrdersPage)
    window.open_page(page)
    page.open_new_order()
    await wait_until(lambda: window.findChild(NewOrderDialog))
    form = part(window, NewOrderDialog)
    form.name.setText("Maria Clara")
    form.phone.setText(phone)
    form.items.setPlainText("2x Açaí 500 ml")
    form.total.setText("45,00")
    form.submit()
    await wait_until(lambda: len(page.orders.ids) == 1 and page.model.row(1))


async def first_minutes(theme: Theme, folder: Path) -> None:
    options = Options(demo=True, headless=True, data_dir=folder)
    async with bootstrap.open_shop(options) as shop, shop.core:
        assert shop.world is not None
        await shop.world.rush(1, {})
        (customer,) = await shop.world.phones()
        async with window_over(shop.core, theme) as window:
            await pair(window, shop.world)
            await type_in_an_order(window, customer.number)
            page = part(window, OrdersPage)
            await wait_until(lambda: only_row(page).notices[0])
            middle = geometry(page.list.visualRect(page.model.index(1))).button.center()
            await wait_until(lambda: page.list.pointer.is_steady)
            QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=middle)
            await wait_until(lambda: only_row(page).order.status == "in_preparation")

            def ticks() -> list[str]:
                told = [notice.notification for notice in only_row(page).notices if notice]
                read = [one for one in told if one.state is State.READ]
                return [status_chip_of(one, QueueHold.NONE).icon for one in read]

            await wait_until(lambda: ticks() == ["check-check", "check-check"])
        heard: list[OrderId | None] = []
        shop.core.bus.subscribe(ReplyArrived, lambda event: heard.append(event.reply.order_id))
        await shop.world.write_to_shop(customer.number, "Já vou buscar!")
        await wait_until(lambda: bool(heard))
        assert heard[0]
        (written,) = (await shop.core.inbox.exchange(heard[0])).replies
        assert written.text == "Já vou buscar!"
        (customer,) = await shop.world.phones()
        assert [message.from_shop for message in customer.chat] == [True, True, False]
        assert [message.text.count("Maria") for message in customer.chat] == [1, 1, 0]


@pytest.mark.requirement("S1")
def test_from_the_first_code_to_two_ticks_on_an_orders_card(
    theme: Theme, qloop: asyncio.AbstractEventLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNDO_SECONDS", "0")
    qloop.run_until_complete(asyncio.wait_for(first_minutes(theme, tmp_path), _WITHIN_SECONDS))

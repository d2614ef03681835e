"""Place of the window: maximised at the first start, then where it was, and never larger than the screen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from app import paths
from app.services.runtime.core import Core
from app.services.text.message_catalog import MessageCatalog
from app.ui.icons import counted_icon
from app.ui.machine import Machine
from app.ui.main_window import MainWindow
from app.ui.pages import add_pages
from app.ui.theme import Theme
from app.ui.tray import Tray
from app.ui.window_lifecycle import WindowLifecycle
from tests.harness.shop import open_shop
from tests.harness.waiting import wait_until
from tests.simulators.memory_preferences import MemoryPreferences

pytestmark = pytest.mark.requirement("C8")

SENTENCES = MessageCatalog(paths.sentences("pt-BR").read_text("utf-8"))


def window_of(theme: Theme) -> MainWindow:
    return MainWindow(theme, SENTENCES, "Coco Loko", training=False)


def test_window_is_maximised_at_the_first_start_and_returns_to_its_place(theme: Theme) -> None:
    first = window_of(theme)
    first.show_at_place("")
    assert first.isMaximized()
    first.showNormal()
    first.resize(first.minimumSize())
    place = first.place()
    again = window_of(theme)
    again.show_at_place(place)
    assert not again.isMaximized()
    assert again.size() == first.size()
    for window in (first, again):
        window.hide()
        window.deleteLater()


@pytest.mark.parametrize("place", ["", "?", "é", "AdnQyw"])
def test_window_fits_the_screen_whatever_its_record_says(theme: Theme, place: str) -> None:
    window = window_of(theme)
    window.show_at_place(place)
    room = QApplication.primaryScreen().availableSize()
    assert window.minimumWidth() <= room.width()
    assert window.minimumHeight() <= room.height()
    window.hide()
    window.deleteLater()


def test_lifecycle_remembers_the_place_of_a_closed_window(
    theme: Theme, qloop: asyncio.AbstractEventLoop
) -> None:
    store = MemoryPreferences()

    @asynccontextmanager
    async def opened() -> AsyncIterator[Core]:
        async with open_shop() as shop:
            yield shop.core

    lifecycle = WindowLifecycle(
        window_of(theme),
        SENTENCES,
        "Coco Loko",
        (add_pages,),
        training=True,
        machine=Machine(preferences=store),
    )

    async def story() -> int:
        running = asyncio.ensure_future(  # noqa: TID251 - awaited below
            lifecycle.run(opened)
        )
        await wait_until(lambda: lifecycle.window.tabs.count() == 4)
        lifecycle.window.close()
        return await running

    assert qloop.run_until_complete(story()) == 0
    assert store.load().place


def test_tray_says_the_counts_and_opens_the_window_by_its_message(theme: Theme) -> None:
    window, opened = window_of(theme), list[int]()
    tray = Tray("Coco Loko", window)
    tray.opened.connect(lambda: opened.append(1))
    window.counts_shown.connect(tray.show_counts)
    icon = tray.findChild(QSystemTrayIcon)
    assert isinstance(icon, QSystemTrayIcon)
    window.show_counts(3, "2 não avisados, 1 resposta")
    assert icon.toolTip() == "Coco Loko: 2 não avisados, 1 resposta"
    assert window.windowTitle() == "(3) Coco Loko: balcão"
    window.show_counts(0, "")
    assert icon.toolTip() == "Coco Loko"
    assert window.windowTitle() == "Coco Loko: balcão"
    icon.messageClicked.emit()
    assert opened == [1]
    window.deleteLater()


def test_icon_of_the_tray_carries_the_count_in_a_red_badge(theme: Theme) -> None:
    _ = theme
    plain, counted = counted_icon(0).toImage(), counted_icon(2).toImage()
    assert plain != counted
    red = QColor("#A9271E")
    colours = [counted.pixelColor(x, y) for x in range(counted.width()) for y in range(counted.height())]
    assert colours.count(red) > 200
    assert counted_icon(2).toImage() != counted_icon(3).toImage()

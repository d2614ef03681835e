"""Window application: opens, ends quickly, cleans up."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QDialogButtonBox, QLabel

from app.domain.errors import (
    DatabaseBusyError,
    DataFolderInUseError,
)
from app.services.runtime.core import Core
from app.ui.frame.empty_page import EmptyPage
from app.ui.main_window import MainWindow
from app.ui.page_context import PageContext
from app.ui.theme import Theme
from app.ui.tray import Tray
from tests.gui.conftest import Run
from tests.gui.lifecycle import Refused, lifecycle, running
from tests.harness.settings_shop import open_settings_shop
from tests.harness.shop import open_shop
from tests.harness.waiting import wait_until
from tests.harness.window_shop import for_a_while


def test_closing_the_window_ends_core_and_child_within_two_seconds(
    theme: Theme, qloop: asyncio.AbstractEventLoop
) -> None:
    children: list[asyncio.subprocess.Process] = []

    @asynccontextmanager
    async def with_child() -> AsyncIterator[Core]:
        code = "import sys; sys.stdin.read()"
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, stdin=asyncio.subprocess.PIPE
        )
        children.append(child)
        async with open_shop() as shop:
            yield shop.core
        assert child.stdin is not None
        child.stdin.close()
        await child.wait()

    began: list[float] = []

    def close_at_once(window: MainWindow, _: PageContext) -> None:
        began.append(qloop.time())
        window.close()

    assert qloop.run_until_complete(lifecycle(theme, close_at_once).run(with_child)) == 0
    qloop.close()
    assert qloop.time() - began[0] < 2
    assert [child.returncode for child in children] == [0]


@pytest.mark.requirement("Z6")
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DataFolderInUseError(), "O programa já está aberto"),
        (DatabaseBusyError(), "O banco de dados está ocupado"),
        (KeyError("Ana"), "Algo inesperado aconteceu"),
    ],
)
def test_a_core_that_refuses_to_open_is_explained_in_the_window(
    theme: Theme, arun: Run, error: Exception, said: str
) -> None:
    async def story() -> None:
        opened, explained = lifecycle(theme), asyncio.Event()
        opened.window.pages.currentChanged.connect(lambda _: explained.set())
        ending = asyncio.get_running_loop().create_task(opened.run(lambda: Refused(error)))
        await explained.wait()
        page = opened.window.pages.currentWidget()
        assert isinstance(page, EmptyPage)
        assert page.accessibleName().startswith(said)
        page.button.click()
        assert await ending == 2

    arun(story())


@pytest.mark.qt_log_ignore("QPlatformNativeInterface::systemTrayWindowChanged")
def test_with_a_tray_closing_the_window_only_hides_it(
    theme: Theme, arun: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tray, "available", staticmethod(lambda: True))

    async def story() -> None:
        opened = lifecycle(theme)
        ending = asyncio.get_running_loop().create_task(opened.run(running))
        await wait_until(lambda: opened.window.tabs.count() == 4)
        opened.window.close()
        await for_a_while()
        assert not opened.window.isVisible()
        assert not ending.done()
        tray = opened.window.findChild(Tray)
        assert isinstance(tray, Tray)
        tray.opened.emit()
        assert opened.window.isVisible()
        tray.left.emit()
        assert await ending == 0

    arun(story())


def test_standard_buttons_and_numbers_are_brazilian(theme: Theme, qtbot: object) -> None:
    del theme, qtbot
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "Cancelar"
    assert QLocale().toString(1234.5, "f", 2) == "1.234,50"


@pytest.mark.requirement("D4")
def test_window_shows_the_shops_name_when_it_is_changed(
    theme: Theme, qloop: asyncio.AbstractEventLoop
) -> None:
    seen: list[tuple[str, list[str]]] = []

    @asynccontextmanager
    async def settings_shop() -> AsyncIterator[Core]:
        async with open_settings_shop() as shop:
            yield shop.core

    def rename(window: MainWindow, context: PageContext) -> None:
        def note() -> None:
            seen.append(
                (window.windowTitle(), [each.accessibleName() for each in window.header.findChildren(QLabel)])
            )

        async def story() -> None:
            note()
            await context.core.settings.change("SHOP_NAME", "Açaí da Ana")
            note()
            window.close()

        context.runner.start(story())

    assert qloop.run_until_complete(lifecycle(theme, rename).run(settings_shop)) == 0
    for (title, labels), name in zip(seen, ["Coco Loko Açaiteria", "Açaí da Ana"], strict=True):
        assert (title, name in labels) == (f"{name}: balcão", True)

"""First run over real parts: by keyboard alone from an empty folder to a delivered message, and after a kill."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app import bootstrap
from app.bootstrap import Options
from app.domain.first_run import SETUP_STEPS
from app.services.runtime.core import Core
from app.ui.event_bridge import EventBridge
from app.ui.first_run.connect_step import ConnectStep
from app.ui.first_run.first_run_page import FirstRunPage
from app.ui.first_run.message_step import MessageStep
from app.ui.first_run.opening import add_first_run
from app.ui.main_window import MainWindow
from app.ui.page_context import PageContext
from app.ui.pages import add_pages
from app.ui.task_runner import TaskRunner
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.opened_store import open_training_store
from tests.harness.shop import open_shop
from tests.harness.waiting import wait_until
from tests.harness.window_shop import SENTENCES

WELCOME, CONNECT, MESSAGE, PIN, *_ = SETUP_STEPS
_WITHIN_SECONDS = 30


@asynccontextmanager
async def _first_window(core: Core, theme: Theme) -> AsyncIterator[MainWindow]:
    """Window as a real shop's, whatever WhatsApp is behind it."""
    window = MainWindow(theme, SENTENCES, "Coco Loko", training=False)
    runner, bridge = TaskRunner(SENTENCES, window), EventBridge(core, window)
    context = PageContext(core, bridge, runner, SENTENCES, theme, "Coco Loko")
    add_pages(window, context)
    add_first_run(window, context)
    window.show()
    try:
        yield window
    finally:
        bridge.close()
        await runner.stop()
        window.hide()
        window.deleteLater()


def _press(window: MainWindow, key: Qt.Key = Qt.Key.Key_Return) -> None:
    focused = window.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def _wizard(window: MainWindow) -> FirstRunPage:
    page = window.pages.currentWidget()
    assert isinstance(page, FirstRunPage)
    return page


async def _to_the_first_message(theme: Theme, folder: Path) -> None:
    options = Options(demo=True, headless=True, data_dir=folder)
    async with bootstrap.open_shop(options) as shop, shop.core:
        assert shop.world is not None
        async with _first_window(shop.core, theme) as window:
            page = _wizard(window)
            assert page.step is WELCOME
            _press(window)
            await wait_until(lambda: page.step is CONNECT)
            connect = page.page
            assert isinstance(connect, ConnectStep)
            await wait_until(lambda: connect.pairing.qr.text)
            await shop.world.scan(connect.pairing.qr.text)
            await wait_until(lambda: connect.pairing.title.text() == "Pronto!")
            _press(window)
            await wait_until(lambda: page.step is MESSAGE and page.page.is_open)
            message = page.page
            assert isinstance(message, MessageStep)
            _press(window)
            await wait_until(lambda: message.state.text().startswith("Chegou ao celular da loja"))
            _press(window)
            await wait_until(lambda: page.step is PIN)
        latest = await shop.core.setup.first_message.latest()
        assert latest is not None
        assert latest.delivered_at is not None


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.requirement("T6")
def test_first_run_delivers_its_message_from_an_empty_folder(
    theme: Theme, qloop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    qloop.run_until_complete(asyncio.wait_for(_to_the_first_message(theme, tmp_path), _WITHIN_SECONDS))


def test_first_run_resumes_on_disk_after_a_kill(theme: Theme, arun: Run, tmp_path: Path) -> None:
    """A kill leaves what was committed: the store is opened again beside the one that was never closed."""

    async def story() -> None:
        killed = open_training_store(tmp_path)
        async with open_shop(paired=False, store=killed) as shop:
            async with _first_window(shop.core, theme) as window:
                page = _wizard(window)
                _press(window)
                await wait_until(lambda: page.step is CONNECT)
                _press(window, Qt.Key.Key_Escape)
                await wait_until(lambda: page.step is MESSAGE)
            async with open_shop(paired=False, store=open_training_store(tmp_path), seed=1) as again:
                assert again.core.setup.first_run.progress.done == {WELCOME}
                assert again.core.setup.first_run.progress.skipped == {CONNECT}
                async with _first_window(again.core, theme) as window:
                    assert _wizard(window).step is MESSAGE

    arun(story())

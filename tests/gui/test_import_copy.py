"""Another PC's backup in the first run: chosen on the welcome step, imported between two windows."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton

from app.domain.errors import BackupRefusedError, WrongKeyError
from app.domain.first_run import SETUP_STEPS
from app.services.runtime.core import Core
from app.ui.application import _run_windows
from app.ui.first_run.first_run_page import FirstRunPage
from app.ui.first_run.opening import add_first_run
from app.ui.first_run.welcome_step import WelcomeStep
from app.ui.frame.empty_page import EmptyPage
from app.ui.main_window import MainWindow
from app.ui.pages import add_pages
from app.ui.stop_cure import StopActs
from app.ui.theme import Theme
from app.ui.window_lifecycle import WindowLifecycle
from tests.gui.conftest import Run
from tests.gui.lifecycle import SENTENCES, Refused, no_act
from tests.harness.first_run_window import ENTER, at_step, open_wizard, press
from tests.harness.shop import open_shop
from tests.harness.waiting import wait_until
from tests.harness.window_shop import open_window_shop

pytestmark = pytest.mark.requirement("X3")

WELCOME, CONNECT, *_ = SETUP_STEPS
_BUTTON = "Já uso o Balcão em outro computador…"


@asynccontextmanager
async def _new_shop() -> AsyncIterator[Core]:
    async with open_shop(paired=False) as shop:
        yield shop.core


def _choose(window: MainWindow, file: Path) -> None:
    file.touch()
    assert isinstance(window.alone, FirstRunPage)
    step = window.alone.page
    assert isinstance(step, WelcomeStep)
    assert step.other_pc.isVisible()
    step.other_pc.click()
    (*_, asked) = step.findChildren(QFileDialog)
    asked.fileSelected.emit(str(file))
    asked.close()


class _Windows:
    """Windows of one start, the last of which is used by the test."""

    def __init__(self, theme: Theme, acts: StopActs) -> None:
        self._theme, self._acts = theme, acts
        self.made: list[MainWindow] = []

    def make(self) -> WindowLifecycle:
        window = MainWindow(self._theme, SENTENCES, "Coco Loko", training=False)
        self.made.append(window)
        parts = (add_pages, add_first_run)
        return WindowLifecycle(window, SENTENCES, "Coco Loko", parts, training=False, acts=self._acts)

    async def until(self, number: int, shown: Callable[[MainWindow], bool]) -> MainWindow:
        await wait_until(lambda: len(self.made) == number and shown(self.made[-1]))
        return self.made[-1]


def _stopped(window: MainWindow) -> bool:
    return isinstance(window.alone, EmptyPage) and bool(window.alone.button.text())


def _welcomes(window: MainWindow) -> bool:
    return isinstance(window.alone, FirstRunPage) and window.alone.page.is_open


def test_chosen_copy_leads_to_the_stop_page_that_asks_for_its_phrase(
    theme: Theme, arun: Run, tmp_path: Path
) -> None:
    given: list[Path] = []

    async def import_copy(file: Path) -> None:
        given.append(file)
        if file.name != "boa.db":
            raise BackupRefusedError(reason="damaged")

    def core() -> AbstractAsyncContextManager[Core]:
        return Refused(WrongKeyError()) if tmp_path / "boa.db" in given else _new_shop()

    windows = _Windows(theme, StopActs(no_act, no_act, import_copy))

    async def person() -> None:
        _choose(await windows.until(1, _welcomes), tmp_path / "ruim.db")
        again = await windows.until(2, _welcomes)
        assert "danificado" in again.notice.words
        _choose(again, tmp_path / "boa.db")
        stopped = await windows.until(3, _stopped)
        assert isinstance(stopped.alone, EmptyPage)
        assert stopped.alone.button.text() == "Recuperar com a frase…"
        stopped.close()

    async def story() -> None:
        using = asyncio.get_running_loop().create_task(person())
        assert await _run_windows(windows.make, core, None) == 2
        await using

    arun(story())
    assert [file.name for file in given] == ["ruim.db", "boa.db"]


def test_welcome_step_offers_a_copy_to_a_shop_without_a_number_alone(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        for paired in (False, True):
            async with open_window_shop(theme, paired=paired) as at:
                at.context = replace(at.context, import_copy=lambda _: None)
                page = FirstRunPage(at.context, SETUP_STEPS)
                at.window.show_alone(page)
                page.open_step(WELCOME)
                (button,) = (each for each in page.findChildren(QPushButton) if each.text() == _BUTTON)
                assert button.isVisible() is not paired
                if not paired:
                    press(at, ENTER)
                    await at_step(page, CONNECT)

    arun(story())


def test_welcome_step_offers_no_copy_without_a_data_folder(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            step = open_wizard(at).page
            assert isinstance(step, WelcomeStep)
            assert not step.other_pc.isVisible()

    arun(story())

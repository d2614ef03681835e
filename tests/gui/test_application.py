"""Window application: opens, ends quickly, cleans up."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QDialogButtonBox, QLabel

from app import paths
from app.domain.errors import (
    BadKeyError,
    DatabaseBusyError,
    DataFolderInUseError,
    KeyMissingError,
    WrongKeyError,
)
from app.services.background_tasks import run_shielded
from app.services.runtime.core import Core
from app.services.text.message_catalog import MessageCatalog
from app.ui.access.phrase_dialog import PhraseDialog
from app.ui.application import WindowExtension, WindowLifecycle
from app.ui.frame.empty_page import EmptyPage
from app.ui.main_window import MainWindow
from app.ui.page_context import PageContext
from app.ui.pages import add_pages
from app.ui.stop_page import Recover
from app.ui.theme import Theme
from app.ui.tray import Tray
from tests.gui.conftest import Run
from tests.harness.settings_shop import open_settings_shop
from tests.harness.shop import open_shop
from tests.harness.waiting import wait_until
from tests.harness.window_shop import for_a_while

SENTENCES = MessageCatalog(paths.sentences("pt-BR").read_text("utf-8"))


def lifecycle(theme: Theme, *extensions: WindowExtension, recover: Recover | None = None) -> WindowLifecycle:
    window, pages = MainWindow(theme, SENTENCES, "Coco Loko", training=True), (add_pages, *extensions)
    return WindowLifecycle(window, SENTENCES, "Coco Loko", pages, training=True, recover=recover)


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


class Refused:
    """Core that refuses to open."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def __aenter__(self) -> Core:
        raise self._error

    async def __aexit__(self, *_: object) -> None: ...


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


@pytest.mark.requirement("X3")
@pytest.mark.parametrize(
    "missing", [KeyMissingError(), WrongKeyError(), BadKeyError(place="passphrase", reason="not_a_key")]
)
def test_stop_page_opens_the_shop_once_the_phrase_has_recovered_its_key(
    theme: Theme, arun: Run, missing: Exception
) -> None:
    given: list[str] = []

    async def recover(phrase: str) -> None:
        given.append(phrase)
        if phrase != "certa":
            raise BadKeyError(place="recovery_phrase", reason="word_count", words=1)

    def core() -> AbstractAsyncContextManager[Core]:
        return running() if "certa" in given else Refused(missing)

    async def story() -> None:
        opened = lifecycle(theme, recover=recover)
        ending = asyncio.get_running_loop().create_task(opened.run(core))
        explained = asyncio.Event()
        opened.window.pages.currentChanged.connect(lambda _: explained.set())
        await explained.wait()
        page = opened.window.pages.currentWidget()
        assert isinstance(page, EmptyPage)
        assert (page.button.text(), page.other_button.text()) == (
            "Recuperar com a frase…",
            "Fechar o programa",
        )
        page.button.click()
        dialog = opened.window.findChild(PhraseDialog)
        assert isinstance(dialog, PhraseDialog)
        dialog.phrase.setText("errada")
        dialog.submit()
        await wait_until(dialog.fault.isVisible)
        dialog.phrase.setText("certa")
        dialog.submit()
        await wait_until(lambda: opened.window.tabs.count() == 4)
        assert given == ["errada", "certa"]
        opened.window.close()
        assert await ending == 0

    arun(story())


@pytest.mark.requirement("X3")
def test_stop_page_offers_no_phrase_for_a_key_that_was_given_wrongly(theme: Theme, arun: Run) -> None:
    async def recover(_: str) -> None: ...

    async def story() -> None:
        opened, explained = lifecycle(theme, recover=recover), asyncio.Event()
        given = BadKeyError(place="environment", reason="length")
        opened.window.pages.currentChanged.connect(lambda _: explained.set())
        ending = asyncio.get_running_loop().create_task(opened.run(lambda: Refused(given)))
        await explained.wait()
        page = opened.window.pages.currentWidget()
        assert isinstance(page, EmptyPage)
        assert page.button.text() == "Fechar o programa"
        page.button.click()
        assert await ending == 2

    arun(story())


@pytest.mark.requirement("X3")
def test_closed_stop_page_waits_for_the_recovery_that_is_under_way(theme: Theme, arun: Run) -> None:
    story_of = list[str]()

    async def recover(_: str) -> None:
        async def work() -> None:
            story_of.append("begun")
            await for_a_while()
            story_of.append("ended")

        await run_shielded(work())

    async def story() -> None:
        opened = lifecycle(theme, recover=recover)
        ending = asyncio.get_running_loop().create_task(opened.run(lambda: Refused(KeyMissingError())))
        dialog = await _asked_phrase(opened)
        dialog.submit()
        await wait_until(lambda: bool(story_of))
        opened.window.close()
        assert await ending == 2
        assert story_of == ["begun", "ended"]

    arun(story())


@pytest.mark.requirement("X3")
def test_phrase_dialog_says_an_unexpected_failure_and_can_be_sent_again(theme: Theme, arun: Run) -> None:
    async def recover(_: str) -> None:
        raise PermissionError

    async def story() -> None:
        opened = lifecycle(theme, recover=recover)
        ending = asyncio.get_running_loop().create_task(opened.run(lambda: Refused(KeyMissingError())))
        dialog = await _asked_phrase(opened)
        dialog.submit()
        await wait_until(dialog.fault.isVisible)
        assert dialog.agreed.isEnabled()
        opened.window.close()
        assert await ending == 2

    arun(story())


async def _asked_phrase(opened: WindowLifecycle) -> PhraseDialog:
    """Return the dialog behind the button of the stop page."""
    explained = asyncio.Event()
    opened.window.pages.currentChanged.connect(lambda _: explained.set())
    await explained.wait()
    page = opened.window.pages.currentWidget()
    assert isinstance(page, EmptyPage)
    page.button.click()
    dialog = opened.window.findChild(PhraseDialog)
    assert isinstance(dialog, PhraseDialog)
    return dialog


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


@asynccontextmanager
async def running() -> AsyncIterator[Core]:
    async with open_shop() as shop:
        yield shop.core


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
            seen.append((window.windowTitle(), [each.text() for each in window.header.findChildren(QLabel)]))

        async def story() -> None:
            note()
            await context.core.settings.change("SHOP_NAME", "Açaí da Ana")
            note()
            window.close()

        context.runner.start(story())

    assert qloop.run_until_complete(lifecycle(theme, rename).run(settings_shop)) == 0
    for (title, labels), name in zip(seen, ["Coco Loko Açaiteria", "Açaí da Ana"], strict=True):
        assert (title, name in labels) == (f"{name}: balcão", True)

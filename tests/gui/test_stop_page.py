"""Stop page: the cure of a shop that does not open, and the shop that opens after it."""

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from app.domain.errors import (
    BackupRefusedError,
    BadKeyError,
    DatabaseUnreadableError,
    DatabaseVanishedError,
    KeyMissingError,
    WrongKeyError,
)
from app.services.background_tasks import run_shielded
from app.services.runtime.core import Core
from app.ui.access.phrase_dialog import PhraseDialog
from app.ui.frame.empty_page import EmptyPage
from app.ui.theme import Theme
from app.ui.window_lifecycle import WindowLifecycle
from tests.gui.conftest import Run
from tests.gui.lifecycle import Refused, lifecycle, no_act, running
from tests.harness.waiting import wait_until
from tests.harness.window_shop import for_a_while


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


@pytest.mark.requirement("X3")
@pytest.mark.parametrize("gone", [DatabaseVanishedError(), DatabaseUnreadableError(reason="corrupt")])
def test_stop_page_opens_the_shop_once_a_backup_was_restored(
    theme: Theme, arun: Run, tmp_path: Path, gone: Exception
) -> None:
    given: list[Path] = []

    async def restore(file: Path) -> None:
        given.append(file)
        if file.name != "boa.db":
            raise BackupRefusedError(reason="damaged")

    def core() -> AbstractAsyncContextManager[Core]:
        return running() if tmp_path / "boa.db" in given else Refused(gone)

    async def story() -> None:
        opened = lifecycle(theme, restore=restore)
        ending = asyncio.get_running_loop().create_task(opened.run(core))
        page = await _stop_page(opened)
        assert page.button.text() == "Restaurar cópia…"
        _choose(opened, page, tmp_path / "ruim.db")
        await wait_until(lambda: len(given) == 1 and page.button.isEnabled())
        _choose(opened, page, tmp_path / "boa.db")
        await wait_until(lambda: opened.window.tabs.count() == 4)
        assert [file.name for file in given] == ["ruim.db", "boa.db"]
        opened.window.close()
        assert await ending == 0

    arun(story())


@pytest.mark.requirement("X3")
def test_stop_page_tries_again_once_the_keyring_was_unlocked(theme: Theme, arun: Run) -> None:
    tries: list[int] = []

    def core() -> AbstractAsyncContextManager[Core]:
        tries.append(1)
        return running() if len(tries) == 3 else Refused(KeyMissingError(reason="locked"))

    async def story() -> None:
        opened = lifecycle(theme, recover=no_act)
        ending = asyncio.get_running_loop().create_task(opened.run(core))
        for refused in (1, 2):
            page = await _stop_page(opened)
            assert (page.button.text(), len(tries)) == ("Tentar de novo", refused)
            page.button.click()
            # The page stays until its end was heard.
            await wait_until(lambda before=refused: len(tries) > before)
        await wait_until(lambda: opened.window.tabs.count() == 4)
        opened.window.close()
        assert await ending == 0

    arun(story())


def _choose(opened: WindowLifecycle, page: EmptyPage, file: Path) -> None:
    file.touch()
    page.button.click()
    (*_, asked) = opened.window.findChildren(QFileDialog)
    asked.fileSelected.emit(str(file))
    asked.close()


async def _stop_page(opened: WindowLifecycle) -> EmptyPage:
    """Return the page of a refusal; the one of a start has no button."""

    def shown() -> bool:
        page = opened.window.pages.currentWidget()
        return isinstance(page, EmptyPage) and bool(page.button.text())

    await wait_until(shown)
    page = opened.window.pages.currentWidget()
    assert isinstance(page, EmptyPage)
    return page


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

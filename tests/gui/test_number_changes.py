"""Numbers of the shop: one is added by keyboard, one removed, and a kill between two saves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.services.runtime.core import Core
from app.ui.access.pin_dialog import PinDialog
from app.ui.settings.number_changes import add_number
from app.ui.settings.number_question import AddNumberDialog, RemoveNumberQuestion
from app.ui.settings.settings_page import SettingsPage
from app.ui.settings.whatsapp_section import WhatsAppSection
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.gui.lifecycle import lifecycle
from tests.harness.settings_shop import live_settings, open_settings_shop
from tests.harness.settings_window import open_by_keyboard, reach_by_tab, row_of, type_into
from tests.harness.shop import MAIN, Shop
from tests.harness.waiting import wait_until
from tests.harness.window_shop import open_window_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.memory_version import MemoryVersion

pytestmark = pytest.mark.requirement("Q9")
SECOND = SessionId("numero-2")
ANA = Phone("+5573999548537")


class ReopenedShop:
    """Window whose shop is opened over one store as often as it is asked for."""

    def __init__(self, theme: Theme) -> None:
        self.store, self.shops, self.opened = MemoryStore(), list[Shop](), lifecycle(theme, training=False)
        self._version = MemoryVersion()

    @asynccontextmanager
    async def core(self) -> AsyncIterator[Core]:
        async with open_settings_shop(self.store, version=self._version) as shop:
            self.shops.append(shop)
            yield shop.core

    async def page(self, opening: int) -> SettingsPage:
        """Wait for this opening of the shop; return its settings page, on show."""
        await wait_until(lambda: len(self.shops) == opening and self.opened.window.tabs.count() == 4)
        page = self.opened.window.findChild(SettingsPage)
        assert isinstance(page, SettingsPage)
        self.opened.window.open_page(page)
        return page


def run_story(theme: Theme, arun: Run, story: Callable[[ReopenedShop], Awaitable[None]]) -> None:
    async def day() -> None:
        at = ReopenedShop(theme)
        ending = asyncio.get_running_loop().create_task(at.opened.run(at.core))
        await story(at)
        at.opened.window.close()
        assert await ending == 0

    arun(day())


def section_of(page: SettingsPage, row: int) -> WhatsAppSection:
    page.list.setCurrentRow(row)
    section = next(each for each in page.findChildren(WhatsAppSection) if each.isVisible())
    assert isinstance(section, WhatsAppSection)
    return section


def numbers_of(page: SettingsPage) -> list[str]:
    titles = [page.list.item(row).text() for row in range(page.list.count())]
    return [title for title in titles if title.startswith("WhatsApp")]


def press(button: QWidget) -> None:
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


def test_number_is_added_by_keyboard_and_paired_after_reopening(theme: Theme, arun: Run) -> None:
    async def story(at: ReopenedShop) -> None:
        page = await at.page(1)
        await at.shops[0].core.access.gate.set_pin("2468")
        press(section_of(page, 0).more.add)
        await type_into(PinDialog, "2468")
        await type_into(AddNumberDialog, "Entregas")
        page = await at.page(2)
        assert numbers_of(page) == ["WhatsApp", "WhatsApp · Entregas"]
        assert page.list.currentRow() == 1
        section = section_of(page, 1)
        assert section.card.pair.isVisible()
        assert section.card.remove.isVisible()
        press(section.card.pair)
        await type_into(PinDialog, "2468")
        await wait_until(lambda: SECOND in [each.session_id for each in at.shops[1].messenger.connects])

    run_story(theme, arun, story)


def test_removed_numbers_waiting_message_leaves_by_the_first(theme: Theme, arun: Run) -> None:
    async def story(at: ReopenedShop) -> None:
        await at.page(1)
        await add_number(at.shops[0].core.settings, at.shops[0].core.sessions.ids, "Entregas")
        await at.store.transact(lambda rows: rows.contacts.save(ANA, Contact(SECOND)))
        paired = SessionData(SECOND, credentials="c", paired=True, phone=Phone("+5573988114444"))
        await at.store.transact(lambda rows: rows.sessions.save(paired))
        at.opened.reopen(SECOND)
        page = await at.page(2)
        shop = at.shops[1]
        await wait_until(lambda: shop.core.sessions.is_connected(SECOND))
        await shop.core.queue.pause()
        order = shop.order(1, ANA.number)
        await shop.see(order)
        assert (await shop.message(order)).session_id == SECOND
        press(section_of(page, 1).card.remove)
        question = at.opened.window.findChild(RemoveNumberQuestion)
        assert isinstance(question, RemoveNumberQuestion)
        press(question.agreed)
        page = await at.page(3)
        assert numbers_of(page) == ["WhatsApp"]
        assert not section_of(page, 0).card.remove.isVisible()
        assert await at.store.read(lambda rows: rows.sessions.get(SECOND)) is None
        await at.shops[2].core.queue.resume()
        await wait_until(lambda: bool(at.shops[2].messenger.sends))
        told = await at.shops[2].message(order)
        assert (told.session_id, told.state) == (MAIN, State.SENT)

    run_story(theme, arun, story)


@pytest.mark.parametrize("where", ["environment", "file"])
def test_numbers_given_elsewhere_are_not_changed_on_screen(theme: Theme, arun: Run, where: str) -> None:
    async def story() -> None:
        given = {"WHATSAPP_MORE_SESSION_IDS": "second"}
        live = live_settings(given) if where == "environment" else live_settings(None, given)
        async with open_window_shop(theme, live=live) as at:
            first = open_by_keyboard(at, "WhatsApp")
            assert isinstance(first, WhatsAppSection)
            assert not first.more.add.isEnabled()
            said = "variável de ambiente" if where == "environment" else "config.toml"
            assert said in first.more.reason.text()
            second = open_by_keyboard(at, "WhatsApp · second")
            assert isinstance(second, WhatsAppSection)
            assert second.card.remove.isVisible()
            assert not second.card.remove.isEnabled()
            assert said in second.card.remove.accessibleDescription()

    arun(story())


def test_training_neither_adds_a_number_nor_opens_anew(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, live=live_settings(), training=True) as at:
            section = open_by_keyboard(at, "WhatsApp")
            assert isinstance(section, WhatsAppSection)
            assert not section.more.add.isEnabled()
            assert "treinamento" in section.more.reason.text()
            row = row_of(open_by_keyboard(at, "Avançado"), "CONNECTION_TIMEOUT_MS")
            await at.shop.core.settings.change("CONNECTION_TIMEOUT_MS", 30_000)
            await wait_until(row.note.isVisible)
            assert row.reopen.isHidden()

    arun(story())


def test_button_for_a_further_number_is_hidden_at_five(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        screen = {"WHATSAPP_MORE_SESSION_IDS": "a,b,c"}
        async with open_window_shop(theme, live=live_settings(screen=screen)) as at:
            first = open_by_keyboard(at, "WhatsApp")
            assert isinstance(first, WhatsAppSection)
            reach_by_tab(at, first.more.add)
            await at.shop.core.settings.change("WHATSAPP_MORE_SESSION_IDS", "a,b,c,d")
            await wait_until(first.more.add.isHidden)

    arun(story())


def test_kill_between_the_two_saves_leaves_a_usable_shop(theme: Theme, arun: Run) -> None:
    async def story(at: ReopenedShop) -> None:
        await at.page(1)
        settings = at.shops[0].core.settings
        await settings.session_names.rename(SECOND, "Entregas")
        at.opened.reopen()
        page = await at.page(2)
        assert numbers_of(page) == ["WhatsApp"]
        press(section_of(page, 0).more.add)
        await type_into(AddNumberDialog, "Centro")
        assert numbers_of(await at.page(3)) == ["WhatsApp", "WhatsApp · Centro"]

    run_story(theme, arun, story)

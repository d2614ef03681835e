"""Ajustes › Aparência e som: each choice is saved and in force at once."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.ports.sounds import Sound
from app.ports.window_preferences import LetterSize, ThemeChoice
from app.ui.machine import Machine
from app.ui.orders.order_delegate import OrderDelegate
from app.ui.palette import DARK, LIGHT
from app.ui.preferences import Preferences
from app.ui.settings.look_section import LookSection
from app.ui.settings.settings_page import SettingsPage
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, open_window_shop
from tests.simulators.memory_autostart import MemoryAutostart
from tests.simulators.memory_preferences import MemoryPreferences
from tests.simulators.recorded_sounds import RecordedSounds

pytestmark = pytest.mark.requirement("C8")


def section_of(at: WindowShopHarness) -> LookSection:
    settings = at.window.findChild(SettingsPage)
    assert isinstance(settings, SettingsPage)
    at.window.open_page(settings)
    settings.open_section("Aparência e som")
    section = settings.findChild(LookSection)
    assert isinstance(section, LookSection)
    return section


def test_section_switches_sounds_and_lets_hear_them(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        sounds = RecordedSounds()
        async with open_window_shop(theme, machine=Machine(sounds)) as at:
            section = section_of(at)
            assert not section.sounds[Sound.ORDER].isChecked()
            section.sounds[Sound.ORDER].click()
            section.sounds[Sound.REPLY].click()
            assert at.context.preferences.value.sounds == {Sound.UNTOLD, Sound.CONNECTION_LOST, Sound.ORDER}
            for hear in section.findChildren(QPushButton):
                hear.click()
            assert set(sounds.played) == set(Sound)
            section.toasts.click()
            assert not at.context.preferences.value.toasts

    arun(story())


def test_section_starts_the_program_with_the_computer(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        autostart = MemoryAutostart()
        async with open_window_shop(theme, machine=Machine(autostart=autostart)) as at:
            section = section_of(at)
            assert not section.autostart.isChecked()
            section.autostart.click()
            assert autostart.is_on
            assert section.refused.isHidden()

    arun(story())


def test_section_says_where_the_system_refuses(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        machine = Machine(autostart=MemoryAutostart(refuses=True))
        async with open_window_shop(theme, machine=machine) as at:
            section = section_of(at)
            section.autostart.click()
            assert not section.autostart.isChecked()
            assert not section.refused.isHidden()

    arun(story())


def test_section_chooses_the_theme(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            section = section_of(at)
            section.theme.setCurrentIndex(section.theme.findData(ThemeChoice.DARK))
            section.theme.activated.emit(section.theme.currentIndex())
            assert at.context.preferences.value.theme is ThemeChoice.DARK

    arun(story())


def test_letters_grow_by_key_and_a_click_still_finds_the_button(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            preferences = at.context.preferences
            preferences.changed.connect(lambda: theme.choose_letters(preferences.value.letters))
            order = at.shop.order(1)
            await at.see(order)
            rows = at.page.list

            def place() -> QRect:
                return rows.visualRect(at.page.model.place_of(order.id))

            normal = place().height()
            QTest.keyClick(at.window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(at.window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
            assert preferences.value.letters.value == "far"
            await wait_until(lambda: place().height() == round(normal * 1.5))
            delegate = rows.itemDelegate()
            assert isinstance(delegate, OrderDelegate)
            button = delegate.button_of(place())
            assert place().contains(button)
            assert button.height() == 54
            await at.rest()
            QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=button.center())
            await wait_until(lambda: (row := at.row(order)) is not None and row.order.status != "paid")
            QTest.keyClick(at.window, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
            assert preferences.value.letters.value == "large"
            theme.choose_letters(LetterSize.NORMAL)

    arun(story())


def test_theme_keeps_a_choice_and_follows_the_system_again(theme: Theme) -> None:
    theme.choose(ThemeChoice.DARK)
    assert theme.palette is DARK
    theme.choose(ThemeChoice.LIGHT)
    assert theme.palette is LIGHT
    theme.choose(ThemeChoice.SYSTEM)
    theme.apply_palette(LIGHT)


def test_preferences_are_saved_with_every_change_and_loaded_again() -> None:
    store = MemoryPreferences()
    changes = list[int]()
    preferences = Preferences(store)
    preferences.changed.connect(lambda: changes.append(1))
    preferences.change(theme=ThemeChoice.DARK)
    preferences.change(theme=ThemeChoice.DARK)
    assert changes == [1]
    assert Preferences(store).value.theme is ThemeChoice.DARK

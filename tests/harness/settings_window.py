"""Steps in Ajustes by keyboard: open a section, find a setting's row, answer a dialog."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.access.asking_dialog import AskingDialog
from app.ui.settings.setting_row import SettingRow
from app.ui.settings.settings_page import SettingsPage
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness


def settings_page(at: WindowShopHarness) -> SettingsPage:
    settings = at.window.findChild(SettingsPage)
    assert isinstance(settings, SettingsPage)
    at.window.open_page(settings)
    return settings


def open_by_keyboard(at: WindowShopHarness, title: str) -> QWidget:
    """Go down the list of sections to the one with this title."""
    settings = settings_page(at)
    settings.list.setFocus()
    QTest.keyClick(settings.list, Qt.Key.Key_Home)
    for _ in range(settings.list.count()):
        if settings.list.currentItem().text() == title:
            break
        QTest.keyClick(settings.list, Qt.Key.Key_Down)
    assert settings.list.currentItem().text() == title
    return settings.open_section(title)


def row_of(section: QWidget, name: str) -> SettingRow:
    (found,) = (row for row in section.findChildren(SettingRow) if row.spec.name == name)
    return found


def reach_by_tab(at: WindowShopHarness, field: QWidget) -> None:
    """Press Tab until the field has the focus, from wherever it is."""
    for _ in range(60):
        focused = at.window.focusWidget()
        if focused is field:
            return
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    raise AssertionError("not reached by Tab")


def dialog_shown(kind: type[AskingDialog]) -> AskingDialog | None:
    shown = (each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible())
    return next(shown, None)


async def dialog_opened(kind: type[AskingDialog]) -> AskingDialog:
    await wait_until(lambda: dialog_shown(kind))
    found = dialog_shown(kind)
    assert found is not None
    return found


async def type_into(kind: type[AskingDialog], text: str) -> None:
    """Type into the focused field of the open dialog, and press Enter."""
    field = (await dialog_opened(kind)).focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)

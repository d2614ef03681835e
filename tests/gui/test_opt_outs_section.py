"""Ajustes › Clientes que pediram para parar, by keyboard: list, search, return with a reason, PIN."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.access.asking_dialog import AskingDialog
from app.ui.access.pin_dialog import PinDialog
from app.ui.settings.lift_opt_out_dialog import LiftOptOutDialog
from app.ui.settings.opt_outs_section import OptOutsSection
from app.ui.settings.settings_page import SettingsPage
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.opted_out import ANA, opt_out_every_kind, opt_out_many
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop

pytestmark = pytest.mark.requirement("X1")


async def _section(at: WindowShopHarness) -> OptOutsSection:
    settings = at.window.findChild(SettingsPage)
    assert isinstance(settings, SettingsPage)
    at.window.open_page(settings)
    section = settings.open_section("Pediram para parar")
    assert isinstance(section, OptOutsSection)
    await wait_until(lambda: section.empty.isVisible() or section.table.isVisible())
    return section


def _rows(section: OptOutsSection) -> list[str]:
    table = section.table
    items = [table.topLevelItem(row) for row in range(table.topLevelItemCount())]
    return [" | ".join(item.text(column) for column in range(3)) for item in items if item]


def _dialog(kind: type[AskingDialog]) -> AskingDialog | None:
    shown = (each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible())
    return next(shown, None)


async def _opened(kind: type[AskingDialog]) -> AskingDialog:
    await wait_until(lambda: _dialog(kind))
    found = _dialog(kind)
    assert found is not None
    return found


async def _type(kind: type[AskingDialog], text: str) -> None:
    field = (await _opened(kind)).focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_section_says_that_nobody_has_opted_out(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            section = await _section(at)
            assert section.empty.text() == "Nenhum cliente pediu para parar."
            assert not section.lift.isVisible()

    arun(story())


@pytest.mark.requirement("K5", "X6")
def test_list_names_each_customer_without_number_or_lid(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await opt_out_every_kind(at.shop)
            section = await _section(at)
            names = [row.split(" | ")[0] for row in _rows(section)]
            assert names == ["Número já apagado", "Número oculto", "@bia.acai", "+55 73 9••••-8537"]
            assert [row.split(" | ")[2] for row in _rows(section)][2:] == ["escreveu PARAR", "anotado à mão"]
            assert not section.lift.isEnabled()
            assert section.emptied.isVisible()
            QTest.keyClick(section.table, Qt.Key.Key_Down)
            assert section.lift.isEnabled()
            assert not section.emptied.isVisible()

    arun(story())


def test_manager_lets_a_hidden_customer_be_told_again_by_keyboard(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await opt_out_every_kind(at.shop)
            await at.shop.core.access.gate.set_pin("2468")
            section = await _section(at)
            QTest.keyClick(section.table, Qt.Key.Key_Down)
            QTest.keyClick(section.table, Qt.Key.Key_Return)
            await _type(PinDialog, "2468")
            dialog = await _opened(LiftOptOutDialog)
            await _type(LiftOptOutDialog, "  ")
            await wait_until(dialog.fault.isVisible)
            await _type(LiftOptOutDialog, "pediu aqui")
            await wait_until(lambda: len(_rows(section)) == 3)
            assert not any(row.startswith("Número oculto") for row in _rows(section))

    arun(story())


def test_number_is_searched_for_and_the_list_comes_back_with_escape(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await opt_out_every_kind(at.shop)
            section = await _section(at)
            section.search.setFocus()
            QTest.keyClicks(section.search, "12")
            QTest.keyClick(section.search, Qt.Key.Key_Return)
            await wait_until(section.fault.isVisible)
            section.search.clear()
            QTest.keyClicks(section.search, "+5571988887777")
            QTest.keyClick(section.search, Qt.Key.Key_Return)
            await wait_until(lambda: len(_rows(section)) == 1)
            assert _rows(section)[0].startswith("+55 71 9••••-7777 |")
            assert section.lift.isEnabled()
            section.search.clear()
            QTest.keyClicks(section.search, "+5573911112222")
            QTest.keyClick(section.search, Qt.Key.Key_Return)
            await wait_until(section.empty.isVisible)
            assert section.empty.text() == "Este número não pediu para parar: recebe os avisos."
            QTest.keyClick(section.search, Qt.Key.Key_Escape)
            await wait_until(lambda: len(_rows(section)) == 4)

    arun(story())


def test_list_shows_a_page_at_a_time(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await opt_out_many(at.shop, 501)
            section = await _section(at)
            assert len(_rows(section)) == 500
            section.more.click()
            section.more.click()
            await wait_until(lambda: len(_rows(section)) == 501)
            await for_a_while()
            assert len(_rows(section)) == 501
            assert not section.more.isVisible()

    arun(story())


def test_customer_who_came_back_meanwhile_is_refused_in_words(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await opt_out_every_kind(at.shop)
            section = await _section(at)
            QTest.keyClick(section.table, Qt.Key.Key_End)
            section.lift.click()
            dialog = await _opened(LiftOptOutDialog)
            await at.shop.core.opt_outs.undo_for_customer(ANA, "outro caixa")
            await _type(LiftOptOutDialog, "pediu")
            await wait_until(dialog.fault.isVisible)

    arun(story())

"""Forms of Ajustes by keyboard: each kind of setting, its refusal, its source, the PIN."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.setting_spec import SettingKind
from app.domain.settings import SETTINGS
from app.ui.access.pin_dialog import PinDialog
from app.ui.settings.setting_editors import ChoiceEditor, FlagEditor, NumberEditor, TextEditor
from app.ui.settings.setting_row import SettingRow
from app.ui.settings.setting_words import value_words, words_of
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.settings_shop import live_settings
from tests.harness.settings_window import (
    dialog_opened,
    dialog_shown,
    open_by_keyboard,
    reach_by_tab,
    row_of,
    settings_page,
    type_into,
)
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop

pytestmark = pytest.mark.requirement("D4")


def _value(at: WindowShopHarness, name: str) -> object:
    return at.shop.core.settings.status(name).value


def test_every_setting_with_a_screen_has_one_row_in_some_section(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, live=live_settings()) as at:
            settings = settings_page(at)
            for row in range(settings.list.count()):
                settings.list.setCurrentRow(row)
            names = [row.spec.name for row in settings.findChildren(SettingRow)]
            assert sorted(names) == sorted(name for name, spec in SETTINGS.items() if spec.on_screen)

    arun(story())


@pytest.mark.parametrize("name", [name for name, spec in SETTINGS.items() if spec.on_screen])
def test_setting_has_words_and_each_choice_its_own(name: str) -> None:
    words, spec = words_of(name), SETTINGS[name]
    assert words.label
    assert words.help.endswith(".")
    shown = {value_words(spec, choice) for choice in spec.choices}
    assert len(shown) == len(spec.choices)
    if spec.kind is SettingKind.CHOICE and name != "SHOP_AREA_CODE":
        assert not shown & set(spec.choices)


def test_manager_changes_a_number_by_keyboard(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, live=live_settings()) as at:
            await at.shop.core.access.gate.set_pin("2468")
            row = row_of(open_by_keyboard(at, "Ritmo"), "PACE_PER_MINUTE")
            assert isinstance(row.editor, NumberEditor)
            reach_by_tab(at, row.editor.number)
            row.editor.number.selectAll()
            QTest.keyClicks(row.editor.number, "12")
            assert row.save.isVisible()
            QTest.keyClick(row.editor.number, Qt.Key.Key_Return)
            await type_into(PinDialog, "2468")
            await wait_until(lambda: _value(at, "PACE_PER_MINUTE") == 12)
            await wait_until(row.usual.isVisible)
            assert not row.save.isVisible()
            assert row.usual.text() == "Voltar ao padrão: 20"
            reach_by_tab(at, row.usual)
            QTest.keyClick(row.usual, Qt.Key.Key_Space)
            await wait_until(lambda: _value(at, "PACE_PER_MINUTE") == 20)
            await wait_until(row.usual.isHidden)

    arun(story())


def test_value_that_is_the_same_asks_for_no_pin(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, live=live_settings()) as at:
            await at.shop.core.access.gate.set_pin("2468")
            row = row_of(open_by_keyboard(at, "Ritmo"), "PACE_PER_MINUTE")
            assert isinstance(row.editor, NumberEditor)
            row.editor.number.selectAll()
            QTest.keyClicks(row.editor.number, "20")
            QTest.keyClick(row.editor.number, Qt.Key.Key_Return)
            await for_a_while()
            assert not dialog_shown(PinDialog)
            assert not row.save.isVisible()

    arun(story())


def test_number_zero_is_said_in_words(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        live = live_settings(screen={"PACE_PER_MINUTE": 0})
        async with open_window_shop(theme, live=live) as at:
            row = row_of(open_by_keyboard(at, "Ritmo"), "PACE_PER_MINUTE")
            assert isinstance(row.editor, NumberEditor)
            assert row.editor.number.text() == "Sem limite da loja; só os do WhatsApp"

    arun(story())


def test_typed_text_is_given_up_by_escape_and_refused_in_words(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, live=live_settings()) as at:
            row = row_of(open_by_keyboard(at, "Loja"), "SHOP_NAME")
            assert isinstance(row.editor, TextEditor)
            reach_by_tab(at, row.editor.text)
            row.editor.text.clear()
            QTest.keyClicks(row.editor.text, "  ")
            QTest.keyClick(row.editor.text, Qt.Key.Key_Return)
            await wait_until(row.fault.isVisible)
            assert row.fault.text() == "Este valor não serve aqui. Valores aceitos: 1 a 80 caracteres."
            QTest.keyClick(row.editor.text, Qt.Key.Key_Escape)
            assert not row.fault.isVisible()
            assert row.editor.text.text() == "Coco Loko Açaiteria"
            QTest.keyClicks(row.editor.text, " 2")
            QTest.keyClick(row.editor.text, Qt.Key.Key_Return)
            await wait_until(lambda: _value(at, "SHOP_NAME") == "Coco Loko Açaiteria 2")

    arun(story())


def test_choice_and_flag_are_saved_at_once_by_keyboard(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, live=live_settings()) as at:
            row = row_of(open_by_keyboard(at, "Pedidos"), "IN_DOUBT")
            assert isinstance(row.editor, ChoiceEditor)
            reach_by_tab(at, row.editor.choice)
            QTest.keyClick(row.editor.choice, Qt.Key.Key_Down)
            await wait_until(lambda: _value(at, "IN_DOUBT") == "ask")
            row = row_of(open_by_keyboard(at, "WhatsApp"), "WHATSAPP_READ_RECEIPTS")
            assert isinstance(row.editor, FlagEditor)
            reach_by_tab(at, row.editor.flag)
            QTest.keyClick(row.editor.flag, Qt.Key.Key_Space)
            await wait_until(lambda: _value(at, "WHATSAPP_READ_RECEIPTS") is False)

    arun(story())


def test_choice_stays_as_it_was_when_the_pin_is_given_up(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, live=live_settings()) as at:
            await at.shop.core.access.gate.set_pin("2468")
            row = row_of(open_by_keyboard(at, "Pedidos"), "IN_DOUBT")
            assert isinstance(row.editor, ChoiceEditor)
            QTest.keyClick(row.editor.choice, Qt.Key.Key_Down)
            dialog = await dialog_opened(PinDialog)
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            await wait_until(lambda: not dialog_shown(PinDialog))
            assert row.editor.value() == "resend"
            assert _value(at, "IN_DOUBT") == "resend"

    arun(story())


def test_overruled_setting_says_by_what_and_cannot_be_changed(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        live = live_settings(
            environment={"SHOP_ADDRESS": "Rua A"}, file={"SHOP_NAME": "Açaí"}, screen={"SHOP_NAME": "Coco"}
        )
        async with open_window_shop(theme, live=live) as at:
            section = open_by_keyboard(at, "Loja")
            name, address = row_of(section, "SHOP_NAME"), row_of(section, "SHOP_ADDRESS")
            assert name.note.text() == (
                "Definido em config.toml: Açaí. O valor escolhido aqui (Coco) espera."
            )
            assert address.note.text() == "Definido numa variável de ambiente: Rua A."
            assert not name.editor.isEnabled()
            assert not address.editor.isEnabled()
            assert not name.usual.isVisible()

    arun(story())


def test_setting_of_the_next_start_says_what_holds_until_then(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, live=live_settings()) as at:
            row = row_of(open_by_keyboard(at, "Avançado"), "CONNECTION_TIMEOUT_MS")
            assert isinstance(row.editor, NumberEditor)
            row.editor.number.setValue(30_000)
            row.save.click()
            await wait_until(lambda: "Por enquanto" in row.note.text())
            assert row.note.text() == "Vale ao abrir o programa de novo. Por enquanto: 20.000 ms."
            assert row.editor.value() == 30_000

    arun(story())


def test_change_elsewhere_is_shown_but_not_over_what_is_typed(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, live=live_settings()) as at:
            section = open_by_keyboard(at, "Ritmo")
            pace, customer = row_of(section, "PACE_PER_MINUTE"), row_of(section, "PACE_PER_CUSTOMER_HOUR")
            assert isinstance(customer.editor, NumberEditor)
            customer.editor.number.setValue(5)
            await at.shop.core.settings.change("PACE_PER_MINUTE", 7)
            await at.shop.core.settings.change("PACE_PER_CUSTOMER_HOUR", 8)
            await for_a_while()
            assert (pace.editor.value(), customer.editor.value()) == (7, 5)

    arun(story())

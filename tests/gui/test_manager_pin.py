"""Manager's PIN in the window: set, asked before a protected act, wrong, locked, removed."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from app.domain.audit import Actor
from app.ui.access.asking_dialog import AskingDialog
from app.ui.access.new_phrase_dialog import NewPhraseDialog
from app.ui.access.new_pin_dialog import NewPinDialog
from app.ui.access.pin_dialog import PinDialog
from app.ui.settings.orders_section import OrdersSection
from app.ui.settings.security_section import SecuritySection
from app.ui.settings.session_card import SessionCard
from app.ui.settings.settings_page import SettingsPage
from app.ui.shown_text import PlainLabel
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop
from tests.simulators.plain_pin_hasher import PlainPinHasher

pytestmark = pytest.mark.requirement("X5")

PIN = "2468"


class _HeldHasher(PlainPinHasher):
    """Hasher whose comparison ends when the test says so."""

    def __init__(self) -> None:
        self.asked, self.released = asyncio.Event(), asyncio.Event()

    async def matches(self, secret: str, hashed: str) -> bool:
        self.asked.set()
        await self.released.wait()
        return await super().matches(secret, hashed)


def _settings(at: WindowShopHarness, title: str) -> SettingsPage:
    settings = at.window.findChild(SettingsPage)
    assert isinstance(settings, SettingsPage)
    at.window.open_page(settings)
    settings.open_section(title)
    return settings


def _security(at: WindowShopHarness) -> SecuritySection:
    found = _settings(at, "Segurança").findChild(SecuritySection)
    assert isinstance(found, SecuritySection)
    return found


def _orders(at: WindowShopHarness) -> OrdersSection:
    found = _settings(at, "Pedidos").findChild(OrdersSection)
    assert isinstance(found, OrdersSection)
    return found


def _shown(kind: type[AskingDialog]) -> bool:
    return any(isinstance(each, kind) and each.isVisible() for each in QApplication.topLevelWidgets())


def _dialog(kind: type[AskingDialog]) -> AskingDialog:
    (found,) = (
        each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()
    )
    return found


def _type(dialog: AskingDialog, text: str) -> None:
    """Type into the dialog's focused field and press Enter."""
    field = dialog.focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_manager_sets_a_pin_by_keyboard(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            page, access = _security(at), at.shop.core.access.gate
            assert (page.state.text(), page.lock.isVisible(), page.remove.isVisible()) == (
                "Sem PIN",
                False,
                False,
            )
            page.change.click()
            await wait_until(lambda: _shown(NewPinDialog))
            dialog = _dialog(NewPinDialog)
            assert isinstance(dialog, NewPinDialog)
            _type(dialog, "12a4")
            assert dialog.fault.text() == "O PIN tem só dígitos. Digite-o sem letras nem outros sinais."
            dialog.pin.clear()
            _type(dialog, PIN)
            _type(dialog, "1111")
            assert dialog.fault.text() == "Os dois PINs são diferentes. Digite os dois de novo."
            dialog.again.clear()
            _type(dialog, PIN)
            await wait_until(lambda: access.has_pin)
            await wait_until(lambda: page.state.text() == "PIN criado · ajustes trancados")

    arun(story())


def test_cashier_is_asked_for_the_pin_before_a_protected_act(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.shop.core.access.gate.set_pin(PIN)
            page = _orders(at)
            page.offer.click()
            await wait_until(lambda: _shown(PinDialog))
            assert not page.offer.isChecked()
            dialog = _dialog(PinDialog)
            assert isinstance(dialog, PinDialog)
            _type(dialog, "1111")
            await wait_until(dialog.fault.isVisible)
            assert dialog.fault.text() == "O PIN não confere. Digite de novo."
            assert dialog.pin.text() == ""
            _type(_dialog(PinDialog), PIN)
            await wait_until(page.offer.isChecked)
            assert at.shop.core.access.gate.actor is Actor.MANAGER

    arun(story())


def test_cashier_who_gives_up_at_the_pin_changes_nothing(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.shop.core.access.gate.set_pin(PIN)
            page = _orders(at)
            page.offer.click()
            await wait_until(lambda: _shown(PinDialog))
            QTest.keyClick(_dialog(PinDialog), Qt.Key.Key_Escape)
            await wait_until(lambda: not _shown(PinDialog))
            assert not page.offer.isChecked()
            assert not at.shop.core.templates.pickup_offer.on

    arun(story())


def test_pin_dialog_leaves_the_gate_locked_when_closed_while_it_checks(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            gate = at.shop.core.access.gate
            await gate.set_pin(PIN)
            hasher = _HeldHasher()
            gate._pin._hasher = hasher
            page = _orders(at)
            page.offer.click()
            await wait_until(lambda: _shown(PinDialog))
            _type(_dialog(PinDialog), PIN)
            await hasher.asked.wait()
            QTest.keyClick(_dialog(PinDialog), Qt.Key.Key_Escape)
            await wait_until(lambda: not _shown(PinDialog))
            hasher.released.set()
            await wait_until(lambda: not gate._pin._one_at_a_time.locked())
            await for_a_while()
            assert gate.actor is Actor.CASHIER
            assert not page.offer.isChecked()

    arun(story())


def test_disconnecting_asks_for_the_pin_first(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.shop.core.access.gate.set_pin(PIN)
            card = _settings(at, "WhatsApp").findChild(SessionCard)
            assert isinstance(card, SessionCard)
            card.disconnect_.click()
            await wait_until(lambda: _shown(PinDialog))
            assert not at.window.findChildren(QMessageBox)
            _type(_dialog(PinDialog), PIN)
            await wait_until(lambda: bool(at.window.findChildren(QMessageBox)))

    arun(story())


def test_manager_locks_the_settings_and_removes_the_pin(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            access = at.shop.core.access.gate
            await access.set_pin(PIN)
            await access.unlock(PIN)
            page = _security(at)
            page.lock.click()
            assert access.actor is Actor.CASHIER
            assert not page.lock.isVisible()
            page.remove.click()
            await wait_until(lambda: _shown(PinDialog))
            _type(_dialog(PinDialog), PIN)
            await wait_until(lambda: bool(page.findChildren(QMessageBox)))
            (question,) = page.findChildren(QMessageBox)
            next(each for each in question.buttons() if each.text() == "Tirar o PIN").click()
            await wait_until(lambda: not access.has_pin)
            await wait_until(lambda: page.state.text() == "Sem PIN")

    arun(story())


def test_manager_unlocks_the_settings_to_connect_another_number(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.shop.core.access.gate.set_pin(PIN)
            page = _security(at)
            page.unlock.click()
            await wait_until(lambda: _shown(PinDialog))
            _type(_dialog(PinDialog), PIN)
            await wait_until(page.lock.isVisible)
            assert not page.unlock.isVisible()

    arun(story())


def test_second_click_drafts_no_second_phrase(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            page = _security(at)
            page.phrase.click()
            page.phrase.click()
            await wait_until(lambda: _shown(NewPhraseDialog))
            await for_a_while()
            assert isinstance(_dialog(NewPhraseDialog), NewPhraseDialog)

    arun(story())


def test_manager_writes_a_phrase_down_and_repeats_three_words(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            page = _security(at)
            assert page.phrase_state.text() == "Sem frase de recuperação"
            page.phrase.click()
            await wait_until(lambda: _shown(NewPhraseDialog))
            dialog = _dialog(NewPhraseDialog)
            assert isinstance(dialog, NewPhraseDialog)
            shown = [
                label.text().split(". ")[1]
                for label in dialog.findChildren(PlainLabel)
                if ". " in label.text()
            ]
            words = dict(enumerate(shown[-12:], 1))
            QTest.keyClick(dialog, Qt.Key.Key_Return)
            for field in dialog.fields.values():
                await wait_until(field.hasFocus)
                assert not dialog.fault.isVisible()
                QTest.keyClicks(field, "coco")
                QTest.keyClick(field, Qt.Key.Key_Return)
            await wait_until(dialog.fault.isVisible)
            for place, field in dialog.fields.items():
                field.setText(words[place])
            dialog.submit()
            await wait_until(lambda: at.shop.core.access.recovery.has_phrase)
            await wait_until(lambda: page.phrase_state.text() == "Frase de recuperação criada")

    arun(story())

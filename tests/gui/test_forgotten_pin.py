"""Forgotten PIN by keyboard alone: the phrase, the code on the shop's phone, and what is said where neither is."""

import re
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.domain.phone import Phone
from app.ports.messenger import LinkChanged, LinkState
from app.ui.access.forgotten_pin_dialog import ForgottenPinDialog
from app.ui.access.phrase_dialog import PhraseDialog
from app.ui.access.pin_code_dialog import PinCodeDialog
from app.ui.access.pin_dialog import PinDialog
from app.ui.settings.orders_section import OrdersSection
from app.ui.settings.settings_page import SettingsPage
from app.ui.theme import Theme
from app.ui.wrapped_label import WrappedLabel
from tests.gui.conftest import Run
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, open_window_shop

pytestmark = pytest.mark.requirement("X5")

PIN = "2468"
MOST_TABS = 12
D = TypeVar("D", bound=QDialog)


def _open_dialogs() -> list[QWidget]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


async def _asked_by(kind: type[D]) -> D:
    """Wait until this dialog is the only one; return it."""
    await wait_until(lambda: [type(each) for each in _open_dialogs()] == [kind])
    (found,) = _open_dialogs()
    assert isinstance(found, kind)
    return found


def _press(dialog: QDialog, text: str) -> None:
    """Go to the control of this text with the Tab key and press Enter on it."""
    for _ in range(MOST_TABS):
        focused = dialog.focusWidget()
        assert focused is not None
        if getattr(focused, "text", str)() == text:
            QTest.keyClick(focused, Qt.Key.Key_Return)
            return
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    pytest.fail(f"no Tab leads to {text}")


def _type(dialog: QDialog, text: str) -> None:
    """Type into the focused field and press Enter."""
    field = dialog.focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


async def _forgotten(at: WindowShopHarness) -> ForgottenPinDialog:
    """Try a protected switch with a PIN set, and choose "Esqueci o PIN…"."""
    await at.shop.core.access.gate.set_pin(PIN)
    settings = at.window.findChild(SettingsPage)
    assert isinstance(settings, SettingsPage)
    at.window.open_page(settings)
    settings.open_section("Pedidos")
    _offer(at).offer.setFocus()
    QTest.keyClick(_offer(at).offer, Qt.Key.Key_Space)
    _press(await _asked_by(PinDialog), "Esqueci o PIN…")
    return await _asked_by(ForgottenPinDialog)


def _offer(at: WindowShopHarness) -> OrdersSection:
    found = at.window.findChild(OrdersSection)
    assert isinstance(found, OrdersSection)
    return found


async def _sent_code(at: WindowShopHarness, number: int = 1) -> str:
    """Return the code that WhatsApp took for the shop's own number."""
    await wait_until(lambda: len(at.shop.messenger.arrived) == number)
    (code,) = re.findall(r"\*(\d{6})\*", at.shop.messenger.arrived[-1].text)
    return str(code)


def _other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_forgotten_pin_is_removed_by_the_phrase_and_the_act_goes_on(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            recovery = at.shop.core.access.recovery
            draft = await recovery.draft_phrase()
            await recovery.keep_phrase(draft, dict(enumerate(draft.words, 1)))
            _press(await _forgotten(at), "Usar a frase de recuperação…")
            _type(await _asked_by(PhraseDialog), " ".join(draft.words))
            await wait_until(_offer(at).offer.isChecked)
            assert not at.shop.core.access.gate.has_pin

    arun(story())


def test_forgotten_pin_is_removed_by_the_code_and_the_act_goes_on(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            _press(await _forgotten(at), "Receber um código no celular da loja")
            dialog = await _asked_by(PinCodeDialog)
            code = await _sent_code(at)
            assert not any(code in each.text() for each in dialog.findChildren(WrappedLabel))
            assert dialog.code.placeholderText() == "6 dígitos"
            _type(dialog, _other(code))
            await wait_until(dialog.fault.isVisible)
            assert "restam: 4" in dialog.fault.text()
            _type(dialog, f"{code[:3]} {code[3:]}")
            await wait_until(_offer(at).offer.isChecked)
            assert not at.shop.core.access.gate.has_pin

    arun(story())


def test_another_code_makes_the_first_void(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            _press(await _forgotten(at), "Receber um código no celular da loja")
            dialog = await _asked_by(PinCodeDialog)
            former = await _sent_code(at)
            _press(dialog, "Pedir outro código")
            code = await _sent_code(at, 2)
            await wait_until(dialog.code.hasFocus)
            _type(dialog, former)
            await wait_until(dialog.fault.isVisible)
            _type(dialog, code)
            await wait_until(_offer(at).offer.isChecked)

    arun(story())


def test_code_can_still_be_typed_after_its_dialog_was_closed(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            _press(await _forgotten(at), "Receber um código no celular da loja")
            dialog = await _asked_by(PinCodeDialog)
            code = await _sent_code(at)
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            await wait_until(lambda: not _open_dialogs())
            QTest.keyClick(_offer(at).offer, Qt.Key.Key_Space)
            _press(await _asked_by(PinDialog), "Esqueci o PIN…")
            _press(await _asked_by(ForgottenPinDialog), "Digitar o código recebido…")
            _type(await _asked_by(PinCodeDialog), code)
            await wait_until(_offer(at).offer.isChecked)
            assert len(at.shop.messenger.arrived) == 1

    arun(story())


def test_code_waits_for_the_connection_and_the_reset_is_explained(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            at.shop.messenger.opens = False
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
            dialog = await _forgotten(at)
            assert (dialog.code.isEnabled(), dialog.phrase.isEnabled()) == (False, False)
            assert "não está conectado" in dialog.code_words.text()
            assert any("--reset-pin" in each.text() for each in dialog.findChildren(WrappedLabel))
            at.shop.messenger.open_sessions.add(MAIN)
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=Phone("+5573988112233")))
            await wait_until(dialog.code.isEnabled)

    arun(story())


def test_code_of_a_paused_queue_is_refused_in_the_dialog(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.shop.core.queue.pause()
            dialog = await _forgotten(at)
            _press(dialog, "Receber um código no celular da loja")
            await wait_until(dialog.fault.isVisible)
            assert "pausada" in dialog.fault.text()
            assert at.shop.messenger.sends == []

    arun(story())


def test_enter_on_cancel_closes_the_dialog_without_a_try(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            (await _forgotten(at)).reject()
            QTest.keyClick(_offer(at).offer, Qt.Key.Key_Space)
            dialog = await _asked_by(PinDialog)
            QTest.keyClicks(dialog.pin, "1111")
            _press(dialog, "Cancelar")
            await wait_until(lambda: not _open_dialogs())
            acts = [each.event.act for each in await at.shop.core.access.audit.latest(9)]
            assert "unlock" not in acts
            assert not _offer(at).offer.isChecked()

    arun(story())

"""Wizard of the first run: by keyboard alone, step by step, left for later, taken up again."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.attempt import Rejected, RejectionKind
from app.domain.audit import Actor
from app.domain.first_run import SETUP_STEPS, SetupStep
from app.domain.notification import State
from app.domain.phone import Phone
from app.domain.receipt import Evidence, Receipt
from app.domain.session import QrCode, SessionData
from app.ports.messenger import LinkChanged, LinkState
from app.ui.access.pin_dialog import PinDialog
from app.ui.first_run.connect_step import ConnectStep
from app.ui.first_run.first_run_page import FirstRunPage
from app.ui.first_run.message_step import MessageStep
from app.ui.first_run.opening import add_first_run
from app.ui.first_run.phrase_step import PhraseStep
from app.ui.first_run.pin_step import PinStep
from app.ui.first_run.poster_step import PosterStep
from app.ui.first_run.setup_section import SetupSection
from app.ui.settings.settings_page import SettingsPage
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop

WELCOME, CONNECT, MESSAGE, PIN, PHRASE, ORDERS, POSTER = SETUP_STEPS
ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape
_PHONE = Phone("+5573988112233")
_PIN = "2468"


def _wizards(at: WindowShopHarness) -> list[FirstRunPage]:
    pages = (at.window.pages.widget(index) for index in range(at.window.pages.count()))
    return [page for page in pages if isinstance(page, FirstRunPage)]


def _open(at: WindowShopHarness) -> FirstRunPage:
    add_first_run(at.window, at.context)
    (page,) = _wizards(at)
    assert at.window.pages.currentWidget() is page
    return page


def _press(at: WindowShopHarness, key: Qt.Key) -> None:
    focused = at.window.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def _type(at: WindowShopHarness, text: str) -> None:
    focused = at.window.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, text)


async def _at_step(page: FirstRunPage, step: SetupStep) -> None:
    await wait_until(lambda: page.step is step and page.page.is_open)


async def _link(at: WindowShopHarness) -> None:
    messenger = at.shop.messenger
    await messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=_PHONE))
    await messenger.listener.session_changed(SessionData(MAIN, "c", paired=True, phone=_PHONE))
    await messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=_PHONE))
    await messenger.emit(LinkChanged(MAIN, LinkState.DRAINED))


async def _connect(at: WindowShopHarness, page: FirstRunPage) -> None:
    """Scan the code that the step shows by itself, and go on."""
    connect = page.page
    assert isinstance(connect, ConnectStep)
    await wait_until(lambda: at.shop.messenger.connects)
    await at.shop.messenger.listener.qr_shown(MAIN, QrCode("2@code", at.shop.clock.now()))
    await wait_until(lambda: connect.pairing.qr.text)
    await _link(at)
    await wait_until(lambda: connect.pairing.title.text() == "Pronto!")
    _press(at, ENTER)


async def _send_first_message(at: WindowShopHarness, page: FirstRunPage) -> None:
    message = page.page
    assert isinstance(message, MessageStep)
    _press(at, ENTER)
    await wait_until(lambda: message.state.text().startswith("O WhatsApp aceitou"))
    latest = await at.shop.core.setup.first_message.latest()
    assert latest is not None
    await at.shop.messenger.emit(Receipt(latest.message_id, Evidence.SENDER, at.shop.clock.now()))
    await wait_until(lambda: message.state.text().startswith("Chegou ao celular"))
    assert message.progress.names[message.progress.reached] == "Entregue"
    assert len(at.shop.messenger.sends) == 1
    _press(at, ENTER)


async def _make_phrase(at: WindowShopHarness, page: FirstRunPage) -> None:
    step = page.page
    assert isinstance(step, PhraseStep)
    _press(at, ENTER)
    await wait_until(lambda: step.form is not None)
    form = step.form
    assert form is not None
    assert form.shows_words
    _press(at, ENTER)
    for place, field in form.fields.items():
        assert at.window.focusWidget() is field
        _type(at, form.draft.words[place - 1])
        _press(at, ENTER if place == form.draft.asked[-1] else Qt.Key.Key_Tab)


async def _all_steps(at: WindowShopHarness) -> None:
    at.shop.messenger.opens = False
    page = _open(at)
    assert page.step is WELCOME
    assert not page.back.isVisible()
    _press(at, ENTER)
    await _at_step(page, CONNECT)
    await _connect(at, page)
    await _at_step(page, MESSAGE)
    await _send_first_message(at, page)
    await _at_step(page, PIN)
    for _ in range(2):
        _type(at, _PIN)
        _press(at, ENTER)
    await _at_step(page, PHRASE)
    assert at.shop.core.access.gate.actor is Actor.MANAGER
    await _make_phrase(at, page)
    await _at_step(page, ORDERS)
    _press(at, ENTER)
    await _at_step(page, POSTER)


def test_wizard_leads_a_new_shop_through_all_steps_by_keyboard(
    theme: Theme, arun: Run, tmp_path: Path
) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            await _all_steps(at)
            (page,) = _wizards(at)
            poster = page.page
            assert isinstance(poster, PosterStep)
            poster.save(tmp_path / "cartaz.pdf")
            await wait_until(lambda: page.primary.text() == "Concluir")
            assert (tmp_path / "cartaz.pdf").stat().st_size > 0
            _press(at, ENTER)
            await wait_until(lambda: not _wizards(at))
            assert at.window.pages.currentWidget() is at.page
            assert at.window.tabs.isVisible()
            assert at.shop.core.setup.first_run.left == ()
            assert at.shop.core.setup.first_run.due_step is None

    arun(story())


def test_escape_leaves_each_step_and_settings_resume_it(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            page, first_run = _open(at), at.shop.core.setup.first_run
            for step in SETUP_STEPS:
                await _at_step(page, step)
                _press(at, ESCAPE)
            await wait_until(lambda: not _wizards(at))
            assert first_run.progress.skipped == set(SETUP_STEPS)
            await first_run.finish(WELCOME)
            settings = at.window.findChild(SettingsPage)
            assert isinstance(settings, SettingsPage)
            at.window.open_page(settings)
            settings.open_section("Primeiros passos")
            section = settings.findChild(SetupSection)
            assert isinstance(section, SetupSection)
            assert section.state.text() == "Faltam 6 passos."
            assert section.steps.note(PIN) == "para depois"
            assert section.steps.note(WELCOME) == ""
            section.resume.click()
            (again,) = _wizards(at)
            assert again.step is CONNECT

    arun(story())


@pytest.mark.parametrize(("paired", "training"), [(True, False), (False, True)])
def test_wizard_stays_away_from_a_shop_at_work_and_a_training(
    theme: Theme,
    arun: Run,
    paired: bool,  # noqa: FBT001 - parameters of a test
    training: bool,  # noqa: FBT001 - see above
) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=paired) as at:
            add_first_run(at.window, replace(at.context, training=training))
            assert _wizards(at) == []

    arun(story())


def test_second_press_while_a_step_is_stored_ends_no_other(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = _open(at)
            for _ in range(3):
                page.later.click()
            await _at_step(page, CONNECT)
            await for_a_while()
            assert page.step is CONNECT
            assert at.shop.core.setup.first_run.progress.skipped == {WELCOME}

    arun(story())


def test_connect_step_ends_its_pairing_when_it_is_left(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            page = _open(at)
            _press(at, ENTER)
            await _at_step(page, CONNECT)
            await wait_until(lambda: at.shop.core.connection.get_connection_status().pairing)
            page.back.click()
            await _at_step(page, WELCOME)
            await wait_until(lambda: not at.shop.core.connection.get_connection_status().pairing)
            _press(at, ENTER)
            await _at_step(page, CONNECT)
            await wait_until(lambda: at.shop.core.connection.get_connection_status().pairing)

    arun(story())


def test_enter_in_the_code_field_does_not_leave_the_connect_step(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            page = _open(at)
            _press(at, ENTER)
            await _at_step(page, CONNECT)
            connect = page.page
            assert isinstance(connect, ConnectStep)
            connect.pairing.request.phone.setFocus()
            _type(at, "12")
            _press(at, ENTER)
            await for_a_while()
            assert page.step is CONNECT
            assert connect.pairing.request.fault.isVisible()

    arun(story())


def test_message_step_asks_for_a_number_first(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            page = _open(at)
            page.open_step(MESSAGE)
            assert page.primary.text() == "Conectar o celular"
            _press(at, ENTER)
            assert page.step is CONNECT
            await _connect(at, page)
            await _at_step(page, MESSAGE)
            assert page.primary.text() == "Enviar a mensagem"

    arun(story())


def test_message_step_offers_another_try_after_a_refusal(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            page = FirstRunPage(at.context, SETUP_STEPS)
            at.window.show_alone(page)
            page.open_step(MESSAGE)
            at.shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED))
            _press(at, ENTER)
            await wait_until(lambda: page.primary.text() == "Enviar de novo")
            _press(at, ENTER)
            await wait_until(lambda: page.primary.text() == "Continuar")
            latest = await at.shop.core.setup.first_message.latest()
            assert latest is not None
            assert latest.state is State.SENT

    arun(story())


def test_message_step_waits_without_a_connection(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            page = FirstRunPage(at.context, SETUP_STEPS)
            at.window.show_alone(page)
            at.shop.messenger.opens = False
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
            page.open_step(MESSAGE)
            _press(at, ENTER)
            message = page.page
            assert isinstance(message, MessageStep)
            await wait_until(lambda: message.state.text().startswith("Sem conexão agora"))
            assert not page.primary.isEnabled()
            _press(at, ENTER)
            await for_a_while()
            assert page.step is MESSAGE
            _press(at, ESCAPE)
            await _at_step(page, PIN)

    arun(story())


def test_pin_step_shows_a_fault_and_stays(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = _open(at)
            page.open_step(PIN)
            _type(at, "123")
            _press(at, ENTER)
            step = page.page
            assert isinstance(step, PinStep)
            assert step.fault.isVisible()
            _type(at, "4")
            assert not step.fault.isVisible()
            _press(at, ENTER)
            _type(at, "9999")
            _press(at, ENTER)
            assert "diferentes" in step.fault.text()
            assert (page.step, at.shop.core.access.gate.has_pin) == (PIN, False)

    arun(story())


def test_phrase_step_asks_for_the_manager_while_the_gate_is_locked(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            await at.shop.core.access.gate.set_pin(_PIN)
            page = _open(at)
            page.open_step(PHRASE)
            _press(at, ENTER)
            await wait_until(_pin_dialogs)
            step, (dialog,) = page.page, _pin_dialogs()
            assert isinstance(step, PhraseStep)
            assert step.form is None
            QTest.keyClicks(dialog.pin, _PIN)
            QTest.keyClick(dialog.pin, ENTER)
            await wait_until(lambda: step.form is not None)

    arun(story())


def test_phrase_words_are_dropped_when_the_step_is_left(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = _open(at)
            page.open_step(PHRASE)
            _press(at, ENTER)
            step = page.page
            assert isinstance(step, PhraseStep)
            await wait_until(lambda: step.form is not None)
            _press(at, ESCAPE)
            await _at_step(page, ORDERS)
            page.back.click()
            assert step.form is None
            assert page.primary.text() == "Mostrar as 12 palavras"
            assert not at.shop.core.access.recovery.has_phrase

    arun(story())


def test_tab_goes_round_the_wizard_alone(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = _open(at)
            page.open_step(PIN)
            step = page.page
            assert isinstance(step, PinStep)
            forward = [step.form.pin, step.form.again, page.back, page.later, page.primary]
            step.form.pin.setFocus()
            for expected in forward:
                assert at.window.focusWidget() is expected
                _press(at, Qt.Key.Key_Tab)
            page.primary.setFocus()
            for expected in reversed(forward):
                assert at.window.focusWidget() is expected
                focused = at.window.focusWidget()
                assert focused is not None
                QTest.keyClick(focused, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)

    arun(story())


def test_tabs_do_not_open_beside_the_wizard(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = _open(at)
            at.window.open_page(at.page)
            assert at.window.pages.currentWidget() is page
            assert not at.window.tabs.isVisible()

    arun(story())


def _pin_dialogs() -> list[PinDialog]:
    return [
        each for each in QApplication.topLevelWidgets() if isinstance(each, PinDialog) and each.isVisible()
    ]

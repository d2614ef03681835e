"""Pages of the first run's steps: their faults, their waiting, and the way past them."""

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.attempt import Rejected, RejectionKind
from app.domain.first_run import SETUP_STEPS
from app.domain.notification import State
from app.ports.messenger import LinkChanged, LinkState
from app.ui.access.pin_dialog import PinDialog
from app.ui.first_run.connect_step import ConnectStep
from app.ui.first_run.first_run_page import FirstRunPage
from app.ui.first_run.message_step import MessageStep
from app.ui.first_run.phrase_step import PhraseStep
from app.ui.first_run.pin_step import PinStep
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.first_run_window import (
    ENTER,
    ESCAPE,
    at_step,
    connect,
    link,
    open_wizard,
    press,
    type_text,
)
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import for_a_while, open_window_shop

WELCOME, CONNECT, MESSAGE, PIN, PHRASE, ORDERS, _ = SETUP_STEPS
_PIN = "2468"


def test_connect_step_ends_its_pairing_when_it_is_left(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            page = open_wizard(at)
            press(at, ENTER)
            await at_step(page, CONNECT)
            await wait_until(lambda: at.shop.core.connection.get_connection_status().pairing)
            page.back.click()
            await at_step(page, WELCOME)
            await wait_until(lambda: not at.shop.core.connection.get_connection_status().pairing)
            press(at, ENTER)
            await at_step(page, CONNECT)
            await wait_until(lambda: at.shop.core.connection.get_connection_status().pairing)

    arun(story())


def test_pairing_page_that_closes_later_ends_no_other_step(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            page = open_wizard(at)
            press(at, ENTER)
            await at_step(page, CONNECT)
            left = page.page
            assert isinstance(left, ConnectStep)
            await connect(at, page)
            await at_step(page, MESSAGE)
            left.pairing.left.emit()
            await for_a_while()
            assert page.step is MESSAGE
            assert MESSAGE in at.shop.core.setup.first_run.left

    arun(story())


def test_enter_in_the_code_field_does_not_leave_the_connect_step(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            page = open_wizard(at)
            press(at, ENTER)
            await at_step(page, CONNECT)
            connect = page.page
            assert isinstance(connect, ConnectStep)
            connect.pairing.request.phone.setFocus()
            type_text(at, "12")
            press(at, ENTER)
            await for_a_while()
            assert page.step is CONNECT
            assert connect.pairing.request.fault.isVisible()

    arun(story())


def test_connect_step_leads_on_from_its_pairing_and_ends_nothing(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            page = open_wizard(at)
            press(at, ENTER)
            await at_step(page, CONNECT)
            step = page.page
            assert isinstance(step, ConnectStep)
            await wait_until(lambda: at.shop.messenger.connects)
            await link(at)
            await wait_until(lambda: step.pairing.button.text() == "Continuar")

    arun(story())


def test_message_step_asks_for_a_number_first(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            page = open_wizard(at)
            page.open_step(MESSAGE)
            assert page.primary.text() == "Conectar o celular"
            press(at, ENTER)
            assert page.step is CONNECT
            await connect(at, page)
            await at_step(page, MESSAGE)
            assert page.primary.text() == "Enviar a mensagem"

    arun(story())


def test_message_step_offers_another_try_after_a_refusal(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            page = FirstRunPage(at.context, SETUP_STEPS)
            at.window.show_alone(page)
            page.open_step(MESSAGE)
            at.shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED))
            press(at, ENTER)
            await wait_until(lambda: page.primary.text() == "Tentar de novo")
            message = page.page
            assert isinstance(message, MessageStep)
            assert message.refusal.isVisible()
            assert message.refusal.text().endswith("Tente de novo; se continuar, siga com “Depois”.")
            assert message.state.isHidden()
            press(at, ENTER)
            await wait_until(lambda: page.primary.text() == "Continuar")
            assert message.refusal.isHidden()
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
            press(at, ENTER)
            message = page.page
            assert isinstance(message, MessageStep)
            await wait_until(lambda: message.state.text().startswith("Sem conexão agora"))
            assert not page.primary.isEnabled()
            press(at, ENTER)
            await for_a_while()
            assert page.step is MESSAGE
            press(at, ESCAPE)
            await at_step(page, PIN)

    arun(story())


def test_pin_step_shows_a_fault_and_stays(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = open_wizard(at)
            page.open_step(PIN)
            type_text(at, "123")
            press(at, ENTER)
            step = page.page
            assert isinstance(step, PinStep)
            assert step.fault.isVisible()
            type_text(at, "4")
            assert not step.fault.isVisible()
            press(at, ENTER)
            type_text(at, "9999")
            press(at, ENTER)
            assert "diferentes" in step.fault.text()
            assert (page.step, at.shop.core.access.gate.has_pin) == (PIN, False)

    arun(story())


def test_phrase_step_asks_for_the_manager_while_the_gate_is_locked(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            await at.shop.core.access.gate.set_pin(_PIN)
            page = open_wizard(at)
            page.open_step(PHRASE)
            press(at, ENTER)
            await wait_until(_pin_dialogs)
            step, (dialog,) = page.page, _pin_dialogs()
            assert isinstance(step, PhraseStep)
            assert step.form is None
            QTest.keyClicks(dialog.pin, _PIN)
            QTest.keyClick(dialog.pin, ENTER)
            await wait_until(lambda: step.form is not None)

    arun(story())


def test_phrase_step_leads_from_each_asked_word_to_the_next(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = open_wizard(at)
            page.open_step(PHRASE)
            press(at, ENTER)
            step = page.page
            assert isinstance(step, PhraseStep)
            await wait_until(lambda: step.form is not None)
            assert step.form is not None
            draft = step.form.draft
            press(at, ENTER)
            for place, field in step.form.fields.items():
                assert at.window.focusWidget() is field
                assert step.fault.isHidden()
                type_text(at, draft.words[place - 1])
                press(at, ENTER)
            await at_step(page, ORDERS)
            assert at.shop.core.access.recovery.has_phrase

    arun(story())


def test_phrase_step_focuses_the_asked_word_that_is_wrong(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = open_wizard(at)
            page.open_step(PHRASE)
            press(at, ENTER)
            step = page.page
            assert isinstance(step, PhraseStep)
            await wait_until(lambda: step.form is not None)
            assert step.form is not None
            draft = step.form.draft
            press(at, ENTER)
            _, second, _ = draft.asked
            for place in draft.asked:
                type_text(at, "errada" if place == second else draft.words[place - 1])
                press(at, ENTER)
            await wait_until(step.fault.isVisible)
            assert at.window.focusWidget() is step.form.fields[second]
            assert step.form.fields[second].selectedText() == "errada"

    arun(story())


def test_phrase_words_are_dropped_when_the_step_is_left(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = open_wizard(at)
            page.open_step(PHRASE)
            press(at, ENTER)
            step = page.page
            assert isinstance(step, PhraseStep)
            await wait_until(lambda: step.form is not None)
            press(at, ESCAPE)
            await at_step(page, ORDERS)
            page.back.click()
            assert step.form is None
            assert page.primary.text() == "Mostrar as 12 palavras"
            assert not at.shop.core.access.recovery.has_phrase

    arun(story())


def _pin_dialogs() -> list[PinDialog]:
    return [
        each for each in QApplication.topLevelWidgets() if isinstance(each, PinDialog) and each.isVisible()
    ]

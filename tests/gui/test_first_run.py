"""Wizard of the first run: by keyboard alone, step by step, left for later, taken up again."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.audit import Actor
from app.domain.errors import DiskFullError
from app.domain.events import SetupProgressChanged
from app.domain.first_run import SETUP_STEPS
from app.domain.receipt import Evidence, Receipt
from app.ui.first_run.first_run_page import FirstRunPage
from app.ui.first_run.message_step import MessageStep
from app.ui.first_run.opening import add_first_run
from app.ui.first_run.phrase_step import PhraseStep
from app.ui.first_run.pin_step import PinStep
from app.ui.first_run.poster_step import PosterStep
from app.ui.first_run.setup_section import SetupSection
from app.ui.frame.connection_indicator import ConnectionButton
from app.ui.settings.settings_page import SettingsPage
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.first_run_window import (
    ENTER,
    ESCAPE,
    at_step,
    connect,
    open_wizard,
    press,
    type_text,
    wizards,
)
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop

WELCOME, CONNECT, MESSAGE, PIN, PHRASE, ORDERS, POSTER = SETUP_STEPS
_PIN = "2468"


async def _send_first_message(at: WindowShopHarness, page: FirstRunPage) -> None:
    message = page.page
    assert isinstance(message, MessageStep)
    press(at, ENTER)
    await wait_until(lambda: message.state.text().startswith("O WhatsApp aceitou"))
    latest = await at.shop.core.setup.first_message.latest()
    assert latest is not None
    await at.shop.messenger.emit(Receipt(latest.message_id, Evidence.SENDER, at.shop.clock.now()))
    await wait_until(lambda: message.state.text().startswith("Chegou ao celular"))
    assert message.progress.names[message.progress.reached] == "Entregue"
    assert len(at.shop.messenger.sends) == 1
    press(at, ENTER)


async def _make_phrase(at: WindowShopHarness, page: FirstRunPage) -> None:
    step = page.page
    assert isinstance(step, PhraseStep)
    press(at, ENTER)
    await wait_until(lambda: step.form is not None)
    form = step.form
    assert form is not None
    assert form.shows_words
    press(at, ENTER)
    for place, field in form.fields.items():
        assert at.window.focusWidget() is field
        type_text(at, form.draft.words[place - 1])
        press(at, ENTER if place == form.draft.asked[-1] else Qt.Key.Key_Tab)


async def _all_steps(at: WindowShopHarness) -> None:
    at.shop.messenger.opens = False
    page = open_wizard(at)
    assert page.step is WELCOME
    assert not page.back.isVisible()
    press(at, ENTER)
    await at_step(page, CONNECT)
    await connect(at, page)
    await at_step(page, MESSAGE)
    await _send_first_message(at, page)
    await at_step(page, PIN)
    for _ in range(2):
        type_text(at, _PIN)
        press(at, ENTER)
    await at_step(page, PHRASE)
    assert at.shop.core.access.gate.actor is Actor.MANAGER
    await _make_phrase(at, page)
    await at_step(page, ORDERS)
    press(at, ENTER)
    await at_step(page, POSTER)


def test_wizard_leads_a_new_shop_through_all_steps_by_keyboard(
    theme: Theme, arun: Run, tmp_path: Path
) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            await _all_steps(at)
            (page,) = wizards(at)
            poster = page.page
            assert isinstance(poster, PosterStep)
            poster.save(tmp_path / "cartaz.pdf")
            await wait_until(lambda: page.primary.text() == "Concluir")
            assert (tmp_path / "cartaz.pdf").stat().st_size > 0
            press(at, ENTER)
            await wait_until(lambda: not wizards(at))
            assert at.window.pages.currentWidget() is at.page
            assert at.window.tabs.isVisible()
            assert at.shop.core.setup.first_run.left == ()
            assert at.shop.core.setup.first_run.due_step is None

    arun(story())


def test_escape_leaves_each_step_and_settings_resume_it(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            page, first_run = open_wizard(at), at.shop.core.setup.first_run
            for step in SETUP_STEPS:
                await at_step(page, step)
                press(at, ESCAPE)
            await wait_until(lambda: not wizards(at))
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
            (again,) = wizards(at)
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
            assert wizards(at) == []

    arun(story())


def test_second_press_while_a_step_is_stored_ends_no_other(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = open_wizard(at)
            for _ in range(3):
                page.later.click()
            await at_step(page, CONNECT)
            await for_a_while()
            assert page.step is CONNECT
            assert at.shop.core.setup.first_run.progress.skipped == {WELCOME}
            stored = [each for each in at.shop.events if isinstance(each, SetupProgressChanged)]
            assert len(stored) == 1

    arun(story())


@pytest.mark.requirement("Z2")
def test_full_disk_keeps_nobody_in_the_wizard(
    theme: Theme, arun: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise DiskFullError

    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            shown: list[object] = []
            at.context.runner.problem_reported.connect(shown.append)
            page = open_wizard(at)
            monkeypatch.setattr(at.shop.core.setup.first_run, "_record", full)
            for step in SETUP_STEPS:
                await at_step(page, step)
                press(at, ESCAPE)
            await wait_until(lambda: not wizards(at))
            assert len(shown) == len(SETUP_STEPS)

    arun(story())


def test_tab_goes_round_the_wizard_alone(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = open_wizard(at)
            page.open_step(PIN)
            step = page.page
            assert isinstance(step, PinStep)
            forward = [step.form.pin, step.form.again, page.back, page.later, page.primary]
            step.form.pin.setFocus()
            for expected in forward:
                assert at.window.focusWidget() is expected
                press(at, Qt.Key.Key_Tab)
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
            page = open_wizard(at)
            settings = at.window.findChild(SettingsPage)
            assert isinstance(settings, SettingsPage)
            at.window.open_page(settings)
            assert at.window.pages.currentWidget() is page
            assert not at.window.tabs.isVisible()

    arun(story())


def test_connection_button_opens_the_connect_step_of_the_wizard(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            page = open_wizard(at)
            lamp = at.window.findChild(ConnectionButton)
            assert isinstance(lamp, ConnectionButton)
            lamp.pairing_requested.emit(MAIN)
            assert page.step is CONNECT
            assert at.window.pages.currentWidget() is page

    arun(story())

"""Pairing page: cancelling, changing between codes, leaving by itself, the keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.session import ConnectionState
from app.ports.messenger import LinkChanged, LinkState
from app.services.connection.manager import WhatsAppConnectionManager
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.pairing_window import PHONE, begin, offer, scan, section_of
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop


@pytest.mark.requirement("S1")
@pytest.mark.parametrize("close", [None, 515, 428])
def test_cancel_ends_the_pairing_after_the_phone_read_the_code(
    theme: Theme, arun: Run, close: int | None
) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            section = await scan(at)
            if close:
                await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, close))
                await wait_until(lambda: section.pairing.title.text() != "Código lido")
            assert section.pairing.back.isVisible()
            section.pairing.back.click()
            await wait_until(lambda: "logout" in at.shop.messenger.calls)
            await wait_until(section.card.pair.isVisible)
            status = _connection(at).get_connection_status()
            assert (status.state, status.pairing) == (ConnectionState.UNPAIRED, None)

    arun(story())


def test_page_leaves_by_itself_five_seconds_after_the_number_is_ready(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            section = await scan(at)
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=PHONE))
            await wait_until(lambda: section.pairing.title.text() == "Pronto!")
            await at.shop.pass_time(seconds=4)
            await for_a_while()
            assert section.pairing.isVisible()
            await at.shop.pass_time(seconds=1)
            await wait_until(section.card.isVisible)
            assert not section.pairing.isVisible()

    arun(story())


def test_page_that_was_left_ends_no_pairing_that_follows(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            section = await scan(at)
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=PHONE))
            await wait_until(lambda: section.pairing.title.text() == "Pronto!")
            section.pairing.button.click()
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 401))
            await wait_until(section.card.pair.isVisible)
            section.card.pair.click()
            await at.shop.pass_time(seconds=6)
            await for_a_while()
            assert section.pairing.isVisible()

    arun(story())


def test_page_shows_no_steps_while_there_is_no_code(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = (await begin(at)).pairing
            await wait_until(lambda: page.words.text() == "Preparando o código…")
            assert not page.steps.isVisible()
            await offer(at, "2@one")
            await wait_until(page.steps.isVisible)
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 408))
            await wait_until(page.button.isVisible)
            assert not page.steps.isVisible()

    arun(story())


def test_typed_code_can_be_changed_back_for_a_qr_code(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = (await begin(at)).pairing
            assert not page.scan_instead.isVisible()
            page.request.phone.setText(PHONE.number)
            page.request.button.click()
            await wait_until(lambda: len(at.shop.messenger.connects) == 2)
            await offer(at, "2@two")
            await wait_until(page.scan_instead.isVisible)
            page.scan_instead.click()
            await wait_until(lambda: len(at.shop.messenger.connects) == 3)
            await offer(at, "2@three")
            await wait_until(page.qr.isVisible)
            assert page.qr.text == "2@three"
            assert not page.scan_instead.isVisible()

    arun(story())


def test_number_is_paired_and_the_pairing_cancelled_by_keyboard(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            section = section_of(at)
            section.card.pair.setFocus()
            QTest.keyClick(section.card.pair, Qt.Key.Key_Space)
            await wait_until(lambda: at.shop.messenger.connects)
            await offer(at, "2@one")
            await wait_until(lambda: section.pairing.qr.text)
            assert section.pairing.hasFocus()
            QTest.keyClick(section.pairing, Qt.Key.Key_Escape)
            await wait_until(section.card.isVisible)
            assert section.card.pair.hasFocus()
            await wait_until(lambda: _connection(at).get_connection_status().pairing is None)

    arun(story())


def test_second_press_requests_no_second_code(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.opens = False
            section = section_of(at)
            section.card.pair.click()
            section.card.pair.click()
            await for_a_while()
            assert len(at.shop.messenger.connects) == 1

    arun(story())


def _connection(at: WindowShopHarness) -> WhatsAppConnectionManager:
    return at.shop.core.connection

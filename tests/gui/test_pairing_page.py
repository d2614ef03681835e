"""Pairing page: current code, progress, and help after a failure."""

from datetime import timedelta

import pytest
from PySide6.QtGui import QColor

from app.domain.session import CODE_LIVES, ConnectionState, SessionData
from app.ports.messenger import LinkChanged, LinkState
from app.services.connection.manager import WhatsAppConnectionManager
from app.ui.settings.countdown_ring import CountdownRing
from app.ui.settings.disconnect_question import DisconnectQuestion
from app.ui.settings.qr_picture import SIDE, QrPicture
from app.ui.settings.whatsapp_section import WhatsAppSection
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.pairing_window import PHONE, begin, offer, section_of
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop
from tests.simulators.moved_clock import MovedClock


def test_section_is_built_when_ajustes_is_first_seen(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            assert at.window.findChild(WhatsAppSection) is None
            first = section_of(at)
            at.window.open_page(at.page)
            assert section_of(at) is first

    arun(story())


@pytest.mark.requirement("S1")
def test_a_new_code_takes_the_place_of_the_old_one_with_a_full_countdown(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = (await begin(at)).pairing
            await offer(at, "2@one")
            await wait_until(lambda: page.qr.text == "2@one")
            await at.shop.pass_time(seconds=15)
            assert page.ring.left == timedelta(seconds=5)
            await offer(at, "2@two")
            await wait_until(lambda: page.qr.text == "2@two")
            assert page.ring.left == timedelta(seconds=20)

    arun(story())


@pytest.mark.requirement("S1")
def test_the_page_follows_the_phone_until_it_is_ready(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = (await begin(at)).pairing
            await offer(at, "2@one")
            await wait_until(lambda: page.progress.accessibleName() == "Andamento: Esperando o celular")
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=PHONE))
            session = SessionData(MAIN, "c", paired=True, phone=PHONE)
            await at.shop.messenger.listener.session_changed(session)
            await wait_until(lambda: page.progress.accessibleName() == "Andamento: Lido")
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 515))
            await wait_until(lambda: page.progress.accessibleName() == "Andamento: Conectando")
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=PHONE))
            await wait_until(lambda: page.title.text() == "Pronto!")
            assert "+55 73 9••••-2233" in page.words.text()
            assert page.button.text() == "Concluir"
            assert not page.back.isVisible()

    arun(story())


@pytest.mark.requirement("S3")
def test_a_code_that_nobody_read_is_said_and_one_button_makes_another(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = (await begin(at)).pairing
            await offer(at, "2@one")
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 408))
            await wait_until(page.button.isVisible)
            assert page.words.text() == "O código QR venceu. Gere outro para conectar."
            assert page.button.text() == "Gerar de novo"
            page.button.click()
            await wait_until(lambda: len(at.shop.messenger.connects) == 2)
            await wait_until(page.button.isHidden)

    arun(story())


@pytest.mark.requirement("S1")
def test_a_code_can_be_typed_instead_of_scanned(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = (await begin(at)).pairing
            await offer(at, "2@one")
            await wait_until(lambda: page.qr.text == "2@one")
            page.request.phone.setText("perdi")
            page.request.button.click()
            assert page.request.fault.text()
            page.request.phone.setText(PHONE.number)
            page.request.button.click()
            await wait_until(lambda: len(at.shop.messenger.connects) == 2)
            await offer(at, "2@two")
            await wait_until(lambda: page.code.text() == "ABCD – 1234")
            assert page.title.text() == "Digite o código no celular"
            assert page.code.isVisible()
            assert not page.request.isVisible()
            assert page.ring.left == CODE_LIVES
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=PHONE))
            await wait_until(lambda: page.progress.accessibleName() == "Andamento: Lido")

    arun(story())


@pytest.mark.requirement("S1")
def test_a_code_that_whatsapp_does_not_give_is_said_on_the_page(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            at.shop.messenger.refuses_code = True
            page = (await begin(at)).pairing
            page.request.phone.setText(PHONE.number)
            page.request.submit()
            await wait_until(lambda: len(at.shop.messenger.connects) == 2)
            await offer(at, "2@one")
            await wait_until(lambda: "não deu um código" in page.words.text())
            assert page.button.text() == "Gerar de novo"
            assert not at.window.notice.isVisible()

    arun(story())


@pytest.mark.requirement("S3")
def test_an_account_that_wants_a_passkey_is_offered_another_number(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = (await begin(at)).pairing
            await offer(at, "2@one")
            await at.shop.messenger.listener.pairing_refused(MAIN, "passkey")
            await wait_until(lambda: "chave de acesso" in page.words.text())
            assert page.button.text() == "Conectar outro número"

    arun(story())


@pytest.mark.requirement("S1")
def test_a_code_that_the_phone_has_retired_is_shown_anew_with_what_to_do(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            page = (await begin(at)).pairing
            await offer(at, "2@one")
            await at.shop.messenger.listener.pairing_refused(MAIN, "registration_refresh")
            await offer(at, "2@two")
            await wait_until(lambda: page.qr.text == "2@two")
            await wait_until(lambda: "Leia o código que está na tela agora." in page.words.text())
            assert page.qr.isVisible()

    arun(story())


def test_going_back_gives_the_pairing_up(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            section = await begin(at)
            await offer(at, "2@one")
            await wait_until(lambda: section.pairing.qr.text)
            section.pairing.back.click()
            await wait_until(lambda: "disconnect" in at.shop.messenger.calls)
            assert section.card.isVisible()
            assert at.shop.core.connection.get_connection_status().qr_code is None

    arun(story())


def test_going_back_gives_up_a_pairing_by_typed_code(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            section = await begin(at)
            section.pairing.request.phone.setText(PHONE.number)
            section.pairing.request.button.click()
            await wait_until(lambda: len(at.shop.messenger.connects) == 2)
            await offer(at, "2@two")
            await wait_until(section.pairing.code.isVisible)
            before = at.shop.messenger.calls.count("disconnect")
            section.pairing.back.click()
            await for_a_while()
            assert section.card.isVisible()
            assert at.shop.messenger.calls.count("disconnect") == before + 1
            assert at.shop.core.connection.get_connection_status().pairing is None

    arun(story())


def test_disconnecting_asks_first_and_holds_nothing_up_meanwhile(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            section = section_of(at)
            assert section.card.word.text() == "WhatsApp conectado"
            section.card.disconnect_.click()
            question = section.findChild(DisconnectQuestion)
            assert isinstance(question, DisconnectQuestion)
            await at.see(at.shop.order(1))
            assert _connection(at).get_connection_status().is_connected
            question.agreed.click()
            await wait_until(
                lambda: _connection(at).get_connection_status().state is ConnectionState.UNPAIRED
            )
            await wait_until(section.card.pair.isVisible)

    arun(story())


def test_the_card_counts_what_waits_and_what_arrived_today(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            section = section_of(at)
            await at.shop.core.queue.pause()
            await at.see(at.shop.order(1))
            await wait_until(lambda: [value.text() for value in section.card.values[2:]] == ["1", "0"])

    arun(story())


def test_the_code_is_whole_black_and_white_modules_with_room_around_them(theme: Theme) -> None:
    theme.apply_palette(theme.palette)
    picture = QrPicture()
    picture.show_code("2@" + "x" * 200)
    image = picture.grab().toImage()
    ratio = image.width() / SIDE
    colours = {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}
    assert colours == {"#000000", "#ffffff"}
    edge = int(8 * ratio)
    assert all(QColor(image.pixel(at, edge)).name() == "#ffffff" for at in range(image.width()))


def test_the_ring_is_never_below_nothing(theme: Theme) -> None:
    clock = MovedClock()
    ring = CountdownRing(theme, clock)
    ring.count_down(clock.now() - timedelta(seconds=3))
    assert ring.left == timedelta(0)
    assert not ring.grab().isNull()


def _connection(at: WindowShopHarness) -> WhatsAppConnectionManager:
    return at.shop.core.connection

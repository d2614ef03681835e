"""Strip under the header: one sentence and one button for each condition that needs a person."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.domain.close_policy import CloseCause
from app.ports.messenger import LinkChanged, LinkState
from app.ui.frame.attention_strip import AttentionStrip
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, open_window_shop

pytestmark = pytest.mark.requirement("C8")


def strip_of(at: WindowShopHarness) -> AttentionStrip:
    strip = at.window.findChild(AttentionStrip)
    assert isinstance(strip, AttentionStrip)
    return strip


def shows(strip: AttentionStrip, words: str) -> Callable[[], bool]:
    return lambda: strip.isVisible() and words in strip.words.text()


async def close(at: WindowShopHarness, *codes: int, cause: CloseCause | None = None) -> None:
    at.shop.messenger.opens = False
    await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
    for code in codes:
        await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, code, cause=cause))


@pytest.mark.parametrize(
    ("codes", "words", "button"),
    [
        ((401,), "WhatsApp desconectado pelo celular", "Conectar de novo"),
        ((403,), "encerrou os aparelhos conectados", "Conectar de novo"),
        ((405, 405), "versão mais nova", "Tentar de novo"),
        ((406,), "Número bloqueado", "Conectar outro número"),
        ((411,), "ativar os aparelhos", "Tentar de novo"),
        ((440, 440, 440), "Outro computador", "Usar neste computador"),
    ],
)
def test_strip_tells_the_reasons_apart_and_promises_nothing(
    theme: Theme, arun: Run, codes: tuple[int, ...], words: str, button: str
) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            strip = strip_of(at)
            assert strip.isHidden()
            await close(at, *codes)
            await wait_until(shows(strip, words))
            assert strip.button.text() == button
            assert "nenhum aviso sai assim" in strip.words.text()
            await at.see(at.shop.order(1))
            await wait_until(shows(strip, "1 aviso parado"))
            assert "saem" not in strip.words.text()

    arun(story())


@pytest.mark.parametrize(
    ("cause", "words", "kept"),
    [
        (CloseCause.NO_INTERNET, "Sem internet há 1 min", "1 aviso guardado, sai sozinho"),
        (CloseCause.NAME_RESOLUTION, "roteador falha", "1 aviso guardado, sai sozinho"),
        (CloseCause.SERVICE_DOWN, "fora do ar há 1 min", "1 aviso guardado, sai sozinho"),
        (CloseCause.CERTIFICATE, "antivírus", "1 aviso parado"),
        (CloseCause.REFUSED, "barra o WhatsApp", "1 aviso parado"),
        (CloseCause.CLOCK, "acerte o relógio", "1 aviso parado"),
    ],
)
def test_strip_names_the_cause_of_a_lasting_loss(
    theme: Theme, arun: Run, cause: CloseCause, words: str, kept: str
) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            strip = strip_of(at)
            await close(at, 408, cause=cause)
            await at.see(at.shop.order(1))
            assert strip.isHidden()
            await at.shop.pass_time(seconds=61)
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 408, cause=cause))
            await wait_until(shows(strip, words))
            await wait_until(shows(strip, kept))
            assert strip.button.text() == "Ver"

    arun(story())


def test_strip_counts_a_temporary_ban_down_to_its_end(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            banned = LinkChanged(MAIN, LinkState.CLOSED, 402, expires_in=timedelta(hours=3))
            await at.shop.messenger.emit(banned)
            await wait_until(shows(strip_of(at), "suspendeu este número até"))
            assert "saem sozinhos" in strip_of(at).words.text()

    arun(story())


def test_strip_ends_a_pause_and_names_what_comes_behind_it(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            strip = strip_of(at)
            await at.shop.core.queue.pause()
            await at.see(at.shop.order(1))
            await wait_until(shows(strip, "Avisos pausados · 1 aviso parado"))
            await close(at, 401)
            await wait_until(shows(strip, "desconectado pelo celular"))
            assert strip.words.text().endswith("e mais 1")
            at.shop.messenger.opens = True
            await at.shop.core.connection.reconnect()
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
            await wait_until(shows(strip, "Avisos pausados"))
            strip.button.click()
            await wait_until(strip.isHidden)
            assert not at.shop.core.queue.paused

    arun(story())


def test_strip_wraps_where_the_window_is_small(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            strip = strip_of(at)
            await close(at, 403)
            await at.shop.core.queue.pause()
            await wait_until(shows(strip, "e mais 1"))
            at.window.resize(1024, 640)
            wide = strip.words.height()
            strip.setFixedWidth(420)
            await wait_until(lambda: strip.words.height() > wide)
            assert strip.words.height() >= strip.words.heightForWidth(strip.words.width())

    arun(story())

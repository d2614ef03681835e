"""Reasons of a lost connection on the settings page and while pairing: one sentence and one button each."""

from datetime import timedelta

import pytest

from app.domain.close_policy import CloseCause
from app.ports.messenger import LinkChanged, LinkState
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.pairing_window import begin, section_of
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import open_window_shop


@pytest.mark.requirement("S3")
@pytest.mark.parametrize(
    ("codes", "title", "words", "button"),
    [
        ((401,), "desconectado pelo celular", "desconectou este computador", "Conectar de novo"),
        ((402,), "suspenso", "sem dizer até quando", "Tentar de novo"),
        ((403,), "sem aparelhos conectados", "encerrou os aparelhos", "Conectar de novo"),
        ((406,), "com número bloqueado", "bloqueou este número", "Conectar outro número"),
        ((409,), "recusado (409)", "código 409", "Tentar de novo"),
        ((411,), "parado", "aparelhos conectados", "Tentar de novo"),
        ((405, 405), "desatualizado", "versão mais nova", "Tentar de novo"),
        ((440, 440, 440), "em outro computador", "Outra janela", "Usar neste computador"),
    ],
)
def test_every_final_reason_is_one_sentence_and_one_button(
    theme: Theme, arun: Run, codes: tuple[int, ...], title: str, words: str, button: str
) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            card = section_of(at).card
            at.shop.messenger.opens = False
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
            for code in codes:
                await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, code))
            await wait_until(lambda: card.word.text() == f"WhatsApp {title}")
            assert words in card.reason.text()
            offered = [each for each in (card.pair, card.reconnect, card.disconnect_) if each.isVisible()]
            assert [each.text() for each in offered] == [button]
            tries = len(at.shop.messenger.connects)
            offered[0].click()
            await wait_until(lambda: len(at.shop.messenger.connects) == tries + 1)

    arun(story())


@pytest.mark.requirement("S3")
@pytest.mark.parametrize(
    ("cause", "title", "words"),
    [
        (CloseCause.NO_INTERNET, "sem internet", "não chega à internet"),
        (CloseCause.NAME_RESOLUTION, "sem endereço (DNS)", "não acha o endereço"),
        (CloseCause.REFUSED, "barrado pela rede", "antivírus barra"),
        (CloseCause.CERTIFICATE, "sem certificado válido", "não é do WhatsApp"),
        (CloseCause.CLOCK, "parado: relógio errado", "Acerte o relógio"),
        (CloseCause.SERVICE_DOWN, "fora do ar", "não atendem agora"),
    ],
)
def test_every_cause_of_a_close_is_named_with_one_button(
    theme: Theme, arun: Run, cause: CloseCause, title: str, words: str
) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            card = section_of(at).card
            at.shop.messenger.opens = False
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 408, cause=cause))
            await wait_until(lambda: card.word.text() == f"WhatsApp {title}")
            assert words in card.reason.text()
            assert card.reconnect.isVisible()
            assert card.reconnect.text() == "Tentar de novo"

    arun(story())


@pytest.mark.requirement("S3")
def test_a_temporary_ban_is_shown_with_its_end(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            card = section_of(at).card
            banned = LinkChanged(MAIN, LinkState.CLOSED, 402, expires_in=timedelta(hours=3))
            await at.shop.messenger.emit(banned)
            until = at.shop.core.connection.get_connection_status().until
            assert until
            shown = until.astimezone()
            await wait_until(lambda: card.word.text() == f"WhatsApp suspenso até {shown:%d/%m %H:%M}")
            assert f"{shown:%d/%m/%Y %H:%M}" in card.reason.text()

    arun(story())


@pytest.mark.requirement("S3")
def test_pairing_goes_on_and_names_a_network_that_fails(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            section = await begin(at)
            failed = LinkChanged(MAIN, LinkState.CLOSED, 408, cause=CloseCause.NAME_RESOLUTION)
            await at.shop.messenger.emit(failed)
            await wait_until(lambda: "não acha o endereço" in section.pairing.words.text())
            assert at.shop.core.connection.get_connection_status().pairing

    arun(story())

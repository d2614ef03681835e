"""Pairing that is undone after the phone has read the code."""

from datetime import timedelta

import pytest

from app.domain.phone import Phone
from app.domain.session import ConnectionState, PairingStep, QrCode, SessionData
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.shop import MAIN, Shop, in_shop

_PHONE = Phone("+5573988112233")


async def _scan(shop: Shop) -> None:
    await shop.core.connection.pair()
    code = QrCode("2@one", shop.clock.now() + timedelta(seconds=20))
    await shop.messenger.listener.qr_shown(MAIN, code)
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=_PHONE))
    await shop.messenger.listener.session_changed(SessionData(MAIN, "c", paired=True, phone=_PHONE))


@pytest.mark.requirement("S1")
def test_disconnect_undoes_a_pairing_after_the_phone_read_the_code() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await _scan(shop)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 515))
        await shop.pass_time(seconds=0)
        assert shop.core.connection.get_connection_status().pairing is PairingStep.CONNECTING
        await shop.core.connection.disconnect()
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.pairing, status.phone) == (ConnectionState.UNPAIRED, None, None)
        assert "logout" in shop.messenger.calls
        connects = len(shop.messenger.connects)
        await shop.pass_time(hours=1)
        assert len(shop.messenger.connects) == connects

    in_shop(story, paired=False)


@pytest.mark.requirement("S2")
def test_undone_pairing_stores_no_credentials_that_come_late() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await _scan(shop)
        await shop.core.connection.disconnect()
        await shop.messenger.listener.session_changed(SessionData(MAIN, "d", paired=True, phone=_PHONE))
        assert await shop.store.read(lambda rows: rows.sessions.get(MAIN)) is None

    in_shop(story, paired=False)

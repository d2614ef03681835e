"""Pairing by code while the server cannot be reached or trusted."""

import asyncio
from datetime import timedelta

import pytest

from app.domain.close_policy import CloseCause
from app.domain.errors import PairingCodeRefusedError
from app.domain.phone import Phone
from app.domain.session import ConnectionState, QrCode
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.moved_clock import let_tasks_run

_PHONE = Phone("+5573988112233")


@pytest.mark.requirement("S1", "S3")
@pytest.mark.parametrize("seconds", [30, 60])
def test_a_code_for_which_no_server_can_be_reached_gives_the_cause(seconds: int) -> None:
    """Tries follow each other meanwhile; the cause outlives the state "connecting" of the last one."""

    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        asking = asyncio.create_task(shop.core.connection.pair_by_code(_PHONE))  # noqa: TID251 - the person's hand
        for _ in range(seconds):
            await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, cause=CloseCause.CERTIFICATE))
            await shop.pass_time(seconds=1)
        await let_tasks_run()
        with pytest.raises(PairingCodeRefusedError):
            await asking
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.reason, status.pairing) == (
            ConnectionState.UNPAIRED,
            "certificate",
            None,
        )
        tries = len(shop.messenger.connects)
        await shop.pass_time(hours=1)
        assert len(shop.messenger.connects) == tries

    in_shop(story, paired=False)


@pytest.mark.requirement("S1")
def test_a_code_is_asked_over_the_connection_that_comes_after_a_lost_one() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        asking = asyncio.create_task(shop.core.connection.pair_by_code(_PHONE))  # noqa: TID251 - the person's hand
        await let_tasks_run()
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, cause=CloseCause.NO_INTERNET))
        await shop.pass_time(seconds=5)
        await shop.messenger.listener.qr_shown(
            MAIN, QrCode("2@one", shop.clock.now() + timedelta(seconds=20))
        )
        await asking
        assert shop.core.connection.get_connection_status().pairing_code

    in_shop(story, paired=False)

"""Version of WhatsApp Web: the last good one, the served one, or the configured one."""

import pytest

from app.domain.session import ConnectionState
from app.ports.messenger import ClientVersion, LinkChanged, LinkState
from tests.harness.shop import MAIN, Shop, in_shop, shop_choices

OUTDATED = LinkChanged(MAIN, LinkState.CLOSED, 405)


def test_the_version_that_was_good_is_remembered() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.client_version = "2.3000.5"
        await shop.pass_time(minutes=1)
        await shop.core.connection.reconnect()
        assert shop.messenger.versions == [ClientVersion(), ClientVersion(known="2.3000.5")]

    in_shop(story)


@pytest.mark.requirement("S3")
def test_an_outdated_client_asks_for_the_version_and_goes_on_trying_rarely() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await shop.messenger.emit(OUTDATED)
        await shop.pass_time(seconds=1)
        assert [choice.look_up for choice in shop.messenger.versions] == [False, True]
        await shop.messenger.emit(OUTDATED)
        await shop.pass_time(minutes=29)
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.reason) == (ConnectionState.BLOCKED, "outdated")
        assert len(shop.messenger.connects) == 2
        shop.messenger.opens = True
        await shop.pass_time(minutes=17)
        assert shop.core.connection.get_connection_status().is_connected
        await shop.pass_time(minutes=1)
        await shop.core.connection.reconnect()
        assert not shop.messenger.versions[-1].look_up

    in_shop(story)


def test_a_version_set_by_hand_is_the_one() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.client_version = "2.3000.9"
        await shop.pass_time(minutes=1)
        await shop.core.connection.reconnect()
        assert shop.messenger.versions == [ClientVersion("2.3000.9")] * 2

    in_shop(story, choices=shop_choices(client_version="2.3000.9"))

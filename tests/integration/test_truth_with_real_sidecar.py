"""The lamp over the real sidecar and the simulated WhatsApp: what is dead is found, what is refused is said."""

import asyncio
import sys

import pytest

from app.domain.recycling import RecyclingPolicy
from app.domain.session import ConnectionState
from tests.harness.liveness_shop import SECOND, paired_liveness_shop
from tests.harness.sidecar_messenger import sidecars

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.mark.requirement("S4")
def test_answer_of_whatsapp_itself_keeps_the_indicator_green() -> None:
    async def story() -> None:
        async with paired_liveness_shop() as shop:
            asked = await shop.count("iqs")
            proved = shop.status.proved_at
            assert proved
            await shop.until(lambda: shop.status.round_trip)
            await shop.until(lambda: (shop.status.proved_at or proved) > proved + 3 * SECOND)
            assert await shop.count("iqs") >= asked + 3
            assert shop.lamps() == []

    asyncio.run(story())


@pytest.mark.requirement("S4")
@pytest.mark.parametrize("fault", ["mute", "half_open", "silence"])
def test_server_frozen_behind_an_open_socket_is_found_and_replaced(fault: str) -> None:
    async def story() -> None:
        async with paired_liveness_shop() as shop:
            connections = await shop.count("connections")
            await shop.whatsapp.fault(fault)
            await shop.until(lambda: shop.status.state is ConnectionState.UNSTABLE)
            await shop.until(lambda: shop.status.state is ConnectionState.CONNECTING)
            await shop.whatsapp.fault("unmute")
            await shop.until_open()
            assert shop.lamps()[:2] == [ConnectionState.UNSTABLE, ConnectionState.CONNECTING]
            assert await shop.count("connections") > connections

    asyncio.run(story())


@pytest.mark.skipif(sys.platform == "win32", reason="there a process is not frozen by a signal")
@pytest.mark.requirement("S4")
def test_a_node_process_that_is_frozen_is_found_and_replaced() -> None:
    async def story() -> None:
        async with paired_liveness_shop() as shop:
            (frozen,) = sidecars()
            frozen.suspend()
            await shop.until(lambda: shop.status.state is ConnectionState.UNSTABLE)
            await shop.until_open()
            assert [each.pid for each in sidecars()] != [frozen.pid]
            assert not frozen.is_running()

    asyncio.run(story())


@pytest.mark.requirement("S5")
def test_a_process_that_was_open_and_is_killed_is_back_at_once() -> None:
    async def story() -> None:
        async with paired_liveness_shop() as shop:
            (killed,) = sidecars()
            killed.kill()
            await shop.until(lambda: not shop.status.is_connected)
            await shop.until_open()
            (fresh,) = sidecars()
            assert fresh.pid != killed.pid

    asyncio.run(story())


def test_large_process_hands_over_to_a_fresh_one_without_new_pairing() -> None:
    small = RecyclingPolicy(most_memory=1, settled_after=8 * SECOND)

    async def story() -> None:
        async with paired_liveness_shop(small) as shop:
            (large,) = sidecars()
            await shop.until(lambda: shop.status.state is ConnectionState.CONNECTING)
            await shop.until_open()
            (fresh,) = sidecars()
            assert fresh.pid != large.pid
            assert set(shop.lamps()) == {ConnectionState.CONNECTING, ConnectionState.CONNECTED}
            assert await shop.count("pairings") == 1

    asyncio.run(story())


@pytest.mark.requirement("S3")
@pytest.mark.parametrize("status", [429, 503])
def test_an_upgrade_that_is_refused_is_tried_again_by_itself(status: int) -> None:
    async def story() -> None:
        async with paired_liveness_shop() as shop:
            await shop.whatsapp.fault("upgrade_status", code=status, times=2)
            await shop.whatsapp.fault("drop")
            await shop.until(lambda: not shop.status.is_connected)
            await shop.until_open()
            assert ConnectionState.DISCONNECTED in shop.lamps()

    asyncio.run(story())


@pytest.mark.requirement("S3")
@pytest.mark.parametrize(
    ("fault", "code", "reason"),
    [
        ("login_failure", 401, "logged_out"),
        ("login_failure", 403, "devices_ended"),
        ("stream_error", 401, "logged_out"),
    ],
)
def test_what_is_final_is_said_with_its_reason_and_not_tried_again(
    fault: str, code: int, reason: str
) -> None:
    async def story() -> None:
        async with paired_liveness_shop() as shop:
            await shop.whatsapp.fault(fault, code=code)
            if fault == "login_failure":
                await shop.whatsapp.fault("drop")
            await shop.until(lambda: shop.status.reason == reason)
            assert shop.status.state is ConnectionState.BLOCKED

    asyncio.run(story())


@pytest.mark.requirement("S3")
@pytest.mark.parametrize("code", [500, 503])
def test_a_stream_error_is_followed_by_a_new_connection(code: int) -> None:
    async def story() -> None:
        async with paired_liveness_shop() as shop:
            await shop.whatsapp.fault("stream_error", code=code)
            await shop.until(lambda: not shop.status.is_connected)
            await shop.until_open()

    asyncio.run(story())


@pytest.mark.requirement("S3")
def test_a_session_that_was_replaced_comes_back_after_a_pause() -> None:
    async def story() -> None:
        async with paired_liveness_shop() as shop:
            await shop.whatsapp.fault("stream_error", code=440)
            await shop.until(lambda: shop.status.reason == "replaced")
            assert shop.status.state is ConnectionState.DISCONNECTED
            await shop.until_open()

    asyncio.run(story())


@pytest.mark.requirement("S3")
def test_an_outdated_client_says_so() -> None:
    async def story() -> None:
        async with paired_liveness_shop() as shop:
            await shop.whatsapp.fault("login_failure", code=405, times=2)
            await shop.whatsapp.fault("drop")
            await shop.until(lambda: shop.status.state is ConnectionState.BLOCKED)
            assert shop.status.reason == "outdated"
            await shop.core.connection.reconnect()
            await shop.until_open()

    asyncio.run(story())

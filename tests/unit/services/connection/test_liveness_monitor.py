"""Liveness monitor: the connection is shown alive only while WhatsApp answers."""

from datetime import timedelta

import pytest

from app.domain.attempt import InDoubt
from app.domain.events import ConnectionChanged
from app.domain.liveness import LivenessPolicy
from app.domain.notification import State
from app.domain.session import ConnectionState, QrCode
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.moved_clock import let_tasks_run

SECOND = timedelta(seconds=1)
POLICY = LivenessPolicy()


def lamp(shop: Shop) -> ConnectionState:
    return shop.core.connection.get_connection_status().state


def lamps(shop: Shop) -> list[ConnectionState]:
    """Every lamp that was told, each once in a row."""
    told = [event.status.state for event in shop.events if isinstance(event, ConnectionChanged)]
    return [one for at, one in enumerate(told) if at == 0 or one is not told[at - 1]]


@pytest.mark.requirement("S4")
def test_green_needs_a_proof_that_is_not_old() -> None:
    assert POLICY.state_after(ConnectionState.CONNECTED, POLICY.alive_for) is ConnectionState.CONNECTED
    assert (
        POLICY.state_after(ConnectionState.CONNECTED, POLICY.alive_for + SECOND) is ConnectionState.UNSTABLE
    )
    assert POLICY.state_after(ConnectionState.CONNECTED, None) is ConnectionState.UNSTABLE
    assert POLICY.state_after(ConnectionState.DISCONNECTED, timedelta(0)) is ConnectionState.DISCONNECTED
    assert POLICY.is_dead(None)


@pytest.mark.requirement("S4")
def test_an_open_connection_is_asked_every_quarter_of_a_minute() -> None:
    async def story(shop: Shop) -> None:
        await shop.pass_time(minutes=5)
        assert 18 <= len(shop.messenger.pings) <= 21
        assert set(shop.messenger.pings) == {POLICY.probe_timeout}
        assert lamps(shop) == [ConnectionState.CONNECTING, ConnectionState.CONNECTED]

    in_shop(story)


@pytest.mark.requirement("S4")
@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("after", [0, 1, 14, 15, 16, 29])
def test_a_connection_that_is_open_but_dead_is_found_within_a_minute(after: int, *, frozen: bool) -> None:
    """Also where not even the process says anything any more."""

    async def story(shop: Shop) -> None:
        await shop.pass_time(seconds=after)
        assert lamp(shop) is ConnectionState.CONNECTED
        shop.messenger.frozen, shop.messenger.opens = frozen, False
        shop.messenger.pongs.extend([None] * 99)
        await shop.pass_time(seconds=POLICY.alive_for.total_seconds() + 1)
        assert lamp(shop) is not ConnectionState.CONNECTED
        await shop.pass_time(seconds=19)
        assert lamp(shop) is not ConnectionState.CONNECTED
        assert len(shop.messenger.connects) == 2
        assert ConnectionState.UNSTABLE in lamps(shop)

    in_shop(story)


@pytest.mark.requirement("S4")
def test_an_old_proof_shines_for_nobody_even_before_anybody_has_looked() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.frozen = True
        told = len(shop.events)
        shop.clock._steady += timedelta(minutes=2)
        assert lamp(shop) is ConnectionState.UNSTABLE
        assert not shop.core.sessions.is_connected(MAIN)
        assert len(shop.events) == told

    in_shop(story)


@pytest.mark.requirement("S4")
def test_one_lost_answer_and_slow_ones_alarm_nobody() -> None:
    async def story(shop: Shop) -> None:
        for _ in range(20):
            shop.messenger.pongs.extend([2 * SECOND, None, 5 * SECOND, 3 * SECOND, None])
            await shop.pass_time(minutes=2)
        assert lamps(shop) == [ConnectionState.CONNECTING, ConnectionState.CONNECTED]
        assert len(shop.messenger.connects) == 1

    in_shop(story)


@pytest.mark.requirement("S4")
def test_a_network_that_stalls_and_comes_back_is_green_again_by_itself() -> None:
    async def story(shop: Shop) -> None:
        await shop.pass_time(seconds=14)
        shop.messenger.pongs.extend([None] * 3)
        await shop.pass_time(seconds=60)
        assert lamps(shop)[-1] is ConnectionState.CONNECTED
        assert len(shop.messenger.connects) == 1

    in_shop(story)


@pytest.mark.requirement("S4")
@pytest.mark.requirement("Q3")
def test_while_the_lamp_is_unstable_the_queue_is_held_and_then_goes_on() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.pongs.extend([None] * 4)
        await shop.pass_time(seconds=43)
        assert lamp(shop) is ConnectionState.UNSTABLE
        await shop.see(shop.order(1))
        row = await shop.message(shop.order(1))
        assert (row.state, row.attempts, len(shop.messenger.sends)) == (State.PENDING, 0, 0)
        await shop.pass_time(seconds=30)
        assert (await shop.message(shop.order(1))).state is State.SENT

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_doubt_on_a_connection_no_longer_trusted_has_it_replaced() -> None:
    """It may recover by itself; what is in doubt must not wait for that."""

    async def story(shop: Shop) -> None:
        await shop.pass_time(seconds=14)
        shop.messenger.pongs.extend([None] * 9)
        await shop.pass_time(seconds=14)
        shop.messenger.gate.clear()
        shop.messenger.outcomes.append(InDoubt("ack_timeout"))
        await shop.see(shop.order(1))
        await shop.pass_time(seconds=14)
        assert (lamp(shop), len(shop.messenger.connects)) == (ConnectionState.UNSTABLE, 1)
        shop.messenger.gate.set()
        await let_tasks_run()
        assert len(shop.messenger.connects) == 2
        await shop.pass_time(seconds=30)
        assert (await shop.message(shop.order(1))).state is State.SENT

    in_shop(story)


@pytest.mark.requirement("S4")
def test_who_asks_is_told_when_whatsapp_last_answered_and_how_fast() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.pongs.extend([2 * SECOND] * 9)
        await shop.pass_time(seconds=40)
        told = len(shop.events)
        status = shop.core.connection.get_connection_status()
        assert status.proved_at is not None
        assert shop.clock.now() - status.proved_at < POLICY.probe_every
        assert status.round_trip == 2 * SECOND
        assert len(shop.events) == told

    in_shop(story)


def test_a_pairing_that_waits_is_kept_alive_and_nothing_else_is_asked() -> None:
    async def story(shop: Shop) -> None:
        await shop.pass_time(minutes=1)
        assert shop.messenger.pings == []
        shop.messenger.opens = False
        await shop.core.connection.pair()
        until = shop.clock.now() + timedelta(minutes=1)
        await shop.messenger.listener.qr_shown(MAIN, QrCode("2@one", until))
        await shop.pass_time(minutes=1)
        assert len(shop.messenger.pings) >= 3
        assert lamp(shop) is ConnectionState.UNPAIRED
        assert len(shop.messenger.connects) == 1

    in_shop(story, paired=False)


@pytest.mark.requirement("S4")
def test_connection_is_probed_after_a_sleep_and_replaced_when_silent() -> None:
    async def story(shop: Shop) -> None:
        await shop.pass_time(seconds=32)
        shop.messenger.pongs.extend([None, None])
        shop.clock.let_sleep(timedelta(hours=3))
        await shop.pass_time(seconds=POLICY.check_every.total_seconds())
        assert shop.messenger.pings[-1] == POLICY.short_probe_timeout
        await shop.pass_time(seconds=2 * POLICY.short_probe_timeout.total_seconds() + 1)
        assert shop.messenger.pings.count(POLICY.short_probe_timeout) == 2
        assert len(shop.messenger.connects) == 2

    in_shop(story)


@pytest.mark.requirement("S4")
@pytest.mark.parametrize("hours", [3, -3])
def test_a_clock_that_was_merely_set_costs_one_question(hours: int) -> None:
    async def story(shop: Shop) -> None:
        await shop.pass_time(seconds=32)
        shop.clock.set_wall(shop.clock.now() + timedelta(hours=hours))
        await shop.pass_time(minutes=5)
        assert shop.messenger.pings.count(POLICY.short_probe_timeout) == 1
        assert lamps(shop) == [ConnectionState.CONNECTING, ConnectionState.CONNECTED]
        assert len(shop.messenger.connects) == 1

    in_shop(story)


def test_an_answer_over_a_connection_that_is_gone_proves_nothing() -> None:
    async def story(shop: Shop) -> None:
        await shop.pass_time(seconds=14)
        shop.messenger.pongs.append(6 * SECOND)
        await shop.pass_time(seconds=2)
        shop.messenger.opens = False
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(seconds=10)
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.proved_at) == (ConnectionState.CONNECTING, None)

    in_shop(story)


@pytest.mark.requirement("S3")
def test_a_socket_that_never_reports_is_replaced_after_half_a_minute() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await shop.core.connection.reconnect()
        await shop.pass_time(seconds=29)
        assert (lamp(shop), len(shop.messenger.connects)) == (ConnectionState.CONNECTING, 2)
        await shop.pass_time(seconds=1)
        assert lamp(shop) is ConnectionState.DISCONNECTED
        await shop.pass_time(seconds=1)
        assert len(shop.messenger.connects) == 3

    in_shop(story)


@pytest.mark.requirement("S3")
@pytest.mark.parametrize("code", [401, 403, 411])
def test_what_is_final_is_never_tried_again_by_itself(code: int) -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, code))
        await shop.pass_time(hours=3)
        assert lamp(shop) is ConnectionState.BLOCKED
        assert len(shop.messenger.connects) == 1

    in_shop(story)


@pytest.mark.requirement("S3")
def test_two_programs_do_not_take_the_session_from_each_other_for_ever() -> None:
    async def story(shop: Shop) -> None:
        replaced = LinkChanged(MAIN, LinkState.CLOSED, 440)
        for connects in (2, 3):
            await shop.messenger.emit(replaced)
            await shop.pass_time(seconds=9)
            assert lamp(shop) is ConnectionState.DISCONNECTED
            await shop.pass_time(seconds=7)
            assert (lamp(shop), len(shop.messenger.connects)) == (ConnectionState.CONNECTED, connects)
        await shop.messenger.emit(replaced)
        await shop.pass_time(hours=1)
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.reason) == (ConnectionState.BLOCKED, "replaced")
        assert len(shop.messenger.connects) == 3
        await shop.core.connection.reconnect()
        await let_tasks_run()
        assert lamp(shop) is ConnectionState.CONNECTED

    in_shop(story)


@pytest.mark.requirement("S3")
def test_replacements_that_are_far_apart_never_add_up() -> None:
    async def story(shop: Shop) -> None:
        for _ in range(5):
            await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 440))
            await shop.pass_time(minutes=2)
            assert lamp(shop) is ConnectionState.CONNECTED

    in_shop(story)


@pytest.mark.requirement("S4")
def test_a_whole_day_of_an_ordinary_network_keeps_the_lamp_green() -> None:
    """Quick answers, slow ones, single lost ones, and a clock that is set forward, back, and for summer."""
    pongs = [0.1 * SECOND, 0.3 * SECOND, 2 * SECOND, None, 0.1 * SECOND, 5 * SECOND, 3 * SECOND, None]

    async def story(shop: Shop) -> None:
        for hour in range(24):
            shop.messenger.pongs.extend(pongs * 20)
            await shop.pass_time(minutes=40)
            shop.clock.set_wall(shop.clock.now() + timedelta(minutes=(hour % 5 - 2) * 37))
            await shop.pass_time(minutes=20)
        assert lamps(shop) == [ConnectionState.CONNECTING, ConnectionState.CONNECTED]
        assert len(shop.messenger.connects) == 1

    in_shop(story)

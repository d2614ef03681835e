"""Whatever the network does, the lamp is green only with a young proof, and an ordinary day alarms nobody."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.events import ConnectionChanged
from app.domain.liveness import LivenessPolicy
from app.domain.session import ConnectionState
from tests.harness.shop import Shop, open_shop

POLICY = LivenessPolicy()
SECOND = timedelta(seconds=1)
# The look that puts the lamp out comes this much after the proof's last moment.
TICK = timedelta(milliseconds=1)

# Answers of an ordinary network: quick, slow, and now and then one that is lost, never two in a row.
ordinary = st.lists(
    st.one_of(
        st.floats(0.02, 0.4).map(lambda took: [took * SECOND]),
        st.floats(2, 5).map(lambda took: [took * SECOND]),
        st.floats(0.02, 5).map(lambda took: [None, took * SECOND]),
    ),
    min_size=5,
    max_size=60,
).map(lambda parts: [pong for part in parts for pong in part])
# Seconds that the wall clock is set by, after so many seconds.
clock_sets = st.lists(st.tuples(st.integers(1, 600), st.integers(-86_400, 86_400)), max_size=4)
# What may happen: an answer after a while, none, a process that says nothing for so long.
troubles = st.lists(
    st.tuples(st.one_of(st.none(), st.floats(0, 12)), st.integers(0, 40), st.booleans()), max_size=25
)


def lamps(shop: Shop) -> set[ConnectionState]:
    told = {event.status.state for event in shop.events if isinstance(event, ConnectionChanged)}
    return told - {ConnectionState.CONNECTING}


def last_told(shop: Shop) -> ConnectionState:
    told = [event.status.state for event in shop.events if isinstance(event, ConnectionChanged)]
    return told[-1]


@pytest.mark.requirement("S4")
@settings(max_examples=40, deadline=None)
@given(ordinary, clock_sets, st.integers(1, 9))
def test_an_ordinary_network_and_a_clock_that_is_set_alarm_nobody(
    pongs: list[timedelta | None], sets: list[tuple[int, int]], load: int
) -> None:
    """`load`: the PC is so busy that everything comes that many tenths of a second late."""

    async def day() -> None:
        async with open_shop() as shop:
            shop.messenger.pongs.extend(pongs)
            for after, by in sets:
                await shop.pass_time(seconds=after)
                shop.clock.set_wall(shop.clock.now() + by * SECOND)
            while shop.messenger.pongs:
                await shop.pass_time(seconds=10 + load / 10)
            await shop.pass_time(minutes=1)
            assert lamps(shop) == {ConnectionState.CONNECTED}
            assert len(shop.messenger.connects) == 1

    asyncio.run(day())


@pytest.mark.requirement("S4")
@settings(max_examples=60, deadline=None)
@given(troubles)
def test_green_is_never_older_than_its_proof_may_be(story: list[tuple[float | None, int, bool]]) -> None:
    async def day() -> None:
        async with open_shop() as shop:
            for took, seconds, frozen in story:
                shop.messenger.pongs.append(None if took is None else took * SECOND)
                shop.messenger.frozen = frozen
                for _ in range(seconds):
                    await shop.pass_time(seconds=1)
                    status = shop.core.connection.get_connection_status()
                    if status.state is ConnectionState.CONNECTED:
                        assert status.proved_at
                        assert shop.clock.now() - status.proved_at <= POLICY.alive_for
                    if last_told(shop) is ConnectionState.CONNECTED:
                        assert status.proved_at
                        assert shop.clock.now() - status.proved_at <= POLICY.alive_for + TICK

    asyncio.run(day())


@pytest.mark.requirement("S4")
@settings(max_examples=40, deadline=None)
@given(ordinary, st.integers(0, 120), st.booleans())
# The last answer took five seconds: the connection was replaced at the very moment of the look that saw its old proof.
@example([0.25 * SECOND] * 3 + [5 * SECOND, 0.25 * SECOND], 60, False)
def test_a_death_at_any_moment_is_found_and_answered_within_a_minute(
    pongs: list[timedelta | None],
    moment: int,
    frozen: bool,  # noqa: FBT001 - what hypothesis gives
) -> None:
    async def day() -> None:
        async with open_shop() as shop:
            shop.messenger.pongs.extend(pongs)
            await shop.pass_time(seconds=moment)
            shop.messenger.pongs.clear()
            shop.messenger.pongs.extend([None] * 99)
            shop.messenger.frozen, shop.messenger.opens = frozen, False
            await shop.pass_time(minutes=1)
            assert shop.core.connection.get_connection_status().state is not ConnectionState.CONNECTED
            assert ConnectionState.UNSTABLE in lamps(shop)
            # A successor that says nothing is replaced after half a minute, too.
            assert len(shop.messenger.connects) in {2, 3}

    asyncio.run(day())

"""Recycling: a large or old Node process is replaced without a disturbance."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.events import ConnectionChanged
from app.domain.notification import State
from app.domain.recycling import RecyclingPolicy
from app.domain.session import ConnectionState
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.moved_clock import MovedClock, let_tasks_run

LARGE = RecyclingPolicy().most_memory + 1
LONG = timedelta(hours=21)
NIGHT, DAY = (datetime(2026, 1, 10, hour, 30).astimezone().astimezone(UTC) for hour in (3, 15))


def lamps_since(shop: Shop, place: int) -> set[ConnectionState]:
    return {event.status.state for event in shop.events[place:] if isinstance(event, ConnectionChanged)}


def test_large_process_is_replaced_without_an_alarm_to_anybody() -> None:
    async def story(shop: Shop) -> None:
        place = len(shop.events)
        shop.messenger.memory_bytes, shop.messenger.up_for = LARGE, timedelta(hours=1)
        await shop.pass_time(minutes=1)
        assert shop.messenger.recycled == [MAIN]
        assert len(shop.messenger.connects) == 2
        assert shop.core.connection.get_connection_status().is_connected
        assert lamps_since(shop, place) == {ConnectionState.CONNECTING, ConnectionState.CONNECTED}

    in_shop(story)


def test_one_that_is_large_from_the_beginning_is_left_alone() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.memory_bytes, shop.messenger.up_for = LARGE, timedelta(minutes=9)
        await shop.pass_time(minutes=1)
        assert shop.messenger.recycled == []

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_it_is_never_replaced_while_a_message_is_on_its_way() -> None:
    async def story(shop: Shop) -> None:
        await shop.pass_time(seconds=10)
        shop.messenger.gate.clear()
        await shop.see(shop.order(1))
        assert len(shop.messenger.sends) == 1
        shop.messenger.memory_bytes, shop.messenger.up_for = LARGE, timedelta(hours=1)
        await shop.pass_time(seconds=12)
        assert shop.core.connection.get_connection_status().state is ConnectionState.CONNECTING
        assert shop.messenger.recycled == []
        shop.messenger.gate.set()
        await shop.pass_time(seconds=20)
        assert shop.messenger.recycled == [MAIN]
        assert (await shop.message(shop.order(1))).state is State.SENT
        assert len(shop.messenger.sends) == 1

    in_shop(story)


def test_what_could_not_be_replaced_goes_on_as_before() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        shop.messenger.memory_bytes, shop.messenger.up_for = LARGE, timedelta(hours=1)
        await shop.pass_time(seconds=16)
        assert shop.core.connection.get_connection_status().state is ConnectionState.CONNECTING
        shop.messenger.memory_bytes = 1
        await shop.pass_time(seconds=31)
        assert shop.messenger.recycled == []
        assert shop.core.connection.get_connection_status().is_connected
        shop.messenger.gate.set()

    in_shop(story)


@pytest.mark.parametrize(
    ("clock", "up_for", "replaced"),
    [
        (NIGHT, LONG, True),
        (DAY, LONG, False),
        (NIGHT, timedelta(hours=19), False),
    ],
)
def test_an_old_one_is_replaced_at_night(clock: datetime, up_for: timedelta, *, replaced: bool) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.up_for = up_for
        await shop.pass_time(minutes=1)
        assert bool(shop.messenger.recycled) is replaced

    in_shop(story, clock=MovedClock(clock))


def test_not_even_at_night_where_something_waits() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.queue.pause()
        await shop.see(shop.order(1))
        shop.messenger.up_for = LONG
        await shop.pass_time(minutes=1)
        assert shop.messenger.recycled == []
        await shop.core.queue.resume()
        await let_tasks_run()
        await shop.pass_time(minutes=1)
        assert shop.messenger.recycled == [MAIN]

    in_shop(story, clock=MovedClock(NIGHT))

"""Temporary ban: its end outlasts restarts and a clock that is set, and is followed by one login."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from app.domain.errors import DatabaseBusyError
from app.domain.session import ConnectionState, ConnectionStatus
from app.ports.messenger import LinkChanged, LinkState
from app.ports.store import Store
from app.services.background_tasks import BackgroundTasks
from app.services.connection.temporary_ban import TemporaryBan
from tests.harness.shop import MAIN, Shop, in_shop, open_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.unit.services.connection.test_stored_session import RefusingStore

HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)
_NAME = f"temporary_ban:{MAIN}"


def banned(length: timedelta | None) -> LinkChanged:
    return LinkChanged(MAIN, LinkState.CLOSED, 402, expires_in=length)


def status(shop: Shop) -> ConnectionStatus:
    return shop.core.connection.get_connection_status()


async def refuse(shop: Shop, length: timedelta | None = 3 * HOUR) -> None:
    """Refuse the next login as WhatsApp does in a temporary ban."""
    shop.messenger.opens = False
    await shop.core.connection.reconnect()
    await shop.messenger.emit(banned(length))
    await let_tasks_run()
    shop.messenger.connects.clear()
    shop.messenger.opens = True


async def kept(store: Store) -> object:
    words: str | None = await store.read(lambda rows: rows.settings.get(_NAME))
    return json.loads(words or "null")


@pytest.mark.requirement("S3")
def test_ban_is_shown_with_its_end_and_followed_by_one_login() -> None:
    async def story(shop: Shop) -> None:
        await refuse(shop)
        now = status(shop)
        assert (now.state, now.reason) == (ConnectionState.BLOCKED, "suspended_until")
        assert now.until == shop.clock.now() + 3 * HOUR
        await shop.pass_time(hours=2.99)
        assert shop.messenger.connects == []
        await shop.pass_time(hours=0.02)
        assert status(shop).is_connected
        assert len(shop.messenger.connects) == 1
        assert await kept(shop.store) == {}

    in_shop(story)


@pytest.mark.requirement("S3")
def test_ban_without_an_end_is_tried_once_an_hour() -> None:
    async def story(shop: Shop) -> None:
        await refuse(shop, None)
        assert (status(shop).reason, status(shop).until) == ("suspended", None)
        await shop.pass_time(minutes=59)
        assert shop.messenger.connects == []
        await shop.pass_time(minutes=8)
        assert status(shop).is_connected

    in_shop(story)


@pytest.mark.requirement("S3")
def test_ban_is_left_alone_after_a_persons_try_that_the_network_ended() -> None:
    async def story(shop: Shop) -> None:
        await refuse(shop)
        shop.messenger.opens = False
        await shop.core.connection.reconnect()
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 408))
        assert status(shop).reason == "suspended_until"
        await shop.pass_time(hours=2)
        assert len(shop.messenger.connects) == 1

    in_shop(story)


@pytest.mark.requirement("S3")
def test_ban_is_forgotten_with_the_session() -> None:
    async def story(shop: Shop) -> None:
        await refuse(shop)
        await shop.core.connection.pair()
        await let_tasks_run()
        assert await kept(shop.store) == {}

    in_shop(story)


@pytest.mark.requirement("S3")
def test_shop_that_starts_during_a_ban_waits_for_its_end() -> None:
    async def story() -> None:
        store, clock = MemoryStore(), MovedClock()
        async with open_shop(store=store, clock=clock) as shop:
            await refuse(shop)
        async with open_shop(store=store, clock=clock) as shop:
            assert (status(shop).state, status(shop).reason) == (ConnectionState.BLOCKED, "suspended_until")
            assert status(shop).until == clock.now() + 3 * HOUR
            await shop.pass_time(hours=2.9)
            assert shop.messenger.connects == []
            await shop.pass_time(hours=0.2)
            assert status(shop).is_connected

    asyncio.run(story())


class Ban:
    """Record of a ban over a store and a clock of a test's own."""

    def __init__(self) -> None:
        self.store, self.clock, self.tasks = RefusingStore(), MovedClock(), BackgroundTasks()

    async def restarted(self) -> TemporaryBan:
        ban = TemporaryBan(MAIN, self.store, self.clock, self.tasks)
        await ban.load()
        return ban


def with_ban(story: Callable[[Ban], Awaitable[None]]) -> None:
    async def whole() -> None:
        await story(Ban())

    asyncio.run(whole())


@pytest.mark.parametrize(
    ("set_by", "left"),
    [(timedelta(0), 2 * HOUR), (-YEAR, 3 * HOUR), (YEAR, timedelta(0)), (-HOUR, 3 * HOUR)],
)
def test_ban_is_never_longer_after_a_restart_than_it_was(set_by: timedelta, left: timedelta) -> None:
    async def story(at: Ban) -> None:
        (await at.restarted()).begin(3 * HOUR)
        await at.clock.advance(HOUR)
        at.clock.set_wall(at.clock.now() + set_by)
        assert (await at.restarted()).left == left

    with_ban(story)


def test_ban_counts_the_sleep_of_the_pc_and_no_setting_of_its_clock() -> None:
    async def story(at: Ban) -> None:
        (ban := await at.restarted()).begin(3 * HOUR)
        at.clock.set_wall(at.clock.now() + YEAR)
        assert ban.left == 3 * HOUR
        at.clock.let_sleep(HOUR)
        assert ban.left == 2 * HOUR

    with_ban(story)


def test_ban_on_disk_follows_a_clock_that_is_set_while_it_waits() -> None:
    async def story(at: Ban) -> None:
        (ban := await at.restarted()).begin(3 * HOUR)
        waiting = at.tasks.start(ban.wait(), "wait")
        await at.clock.advance(HOUR)
        at.clock.set_wall(at.clock.now() + YEAR)
        await at.clock.advance(timedelta(minutes=2))
        assert (await at.restarted()).left == 2 * HOUR - timedelta(minutes=2)
        await at.clock.advance(2 * HOUR)
        assert waiting.done()

    with_ban(story)


def test_ban_reaches_the_disk_once_a_busy_database_takes_it() -> None:
    async def story(at: Ban) -> None:
        at.store.refusals = [DatabaseBusyError(), DatabaseBusyError()]
        (ban := await at.restarted()).begin(3 * HOUR)
        await let_tasks_run()
        ban.begin(2 * HOUR)
        await at.clock.advance(timedelta(minutes=1))
        assert HOUR < (await at.restarted()).left <= 2 * HOUR

    with_ban(story)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "[]",
        "{}",
        '{"noted": 1, "until": 2}',
        '{"until": "2026-01-10T15:00:00+00:00"}',
        '{"noted": "9999-01-01T00:00:00+00:00", "until": "9999-01-01T00:00:00+00:00"}',
    ],
)
def test_ban_that_is_unreadable_holds_no_number(text: str) -> None:
    async def story(at: Ban) -> None:
        await at.store.transact(lambda rows: rows.settings.set(_NAME, text))
        assert (await at.restarted()).left == timedelta(0)

    with_ban(story)


def test_ban_of_any_length_stays_in_the_calendar() -> None:
    async def story(at: Ban) -> None:
        (ban := await at.restarted()).begin(timedelta(days=36500))
        await let_tasks_run()
        assert ban.left == timedelta(days=366)
        assert (await at.restarted()).left == timedelta(days=366)

    with_ban(story)

"""Network watch: back within seconds of the network's return, while messages wait."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from app.domain.close_policy import CloseCause
from app.domain.errors import DatabaseBusyError, SidecarGoneError
from app.domain.identifiers import SessionId
from app.ports.messenger import LinkChanged, LinkState
from app.ports.store import Rows
from app.services.connection.network_watch import NetworkWatch
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger

T = TypeVar("T")
UNREACHABLE = LinkChanged(MAIN, LinkState.CLOSED, 408, cause=CloseCause.NO_INTERNET)
SECOND = timedelta(seconds=1)


class Offline(ScriptedMessenger):
    """While `reachable` is false, each connection fails at once for want of a network."""

    cause: CloseCause | None = CloseCause.NO_INTERNET
    fails = False
    """Each connection fails, whatever a look at the port shows."""

    async def connect(self, *args: object, **fields: object) -> None:
        self.opens = self.reachable and not self.fails
        await super().connect(*args, **fields)  # type: ignore[arg-type]
        if not self.opens:
            self._later(self.emit(LinkChanged(MAIN, LinkState.CLOSED, 408, cause=self.cause)))


async def lose_network(shop: Shop, *, messages: int = 1, outage: float = 600) -> None:
    shop.messenger.reachable = False
    await shop.messenger.emit(UNREACHABLE)
    for number in range(messages):
        await shop.see(shop.order(number + 1))
    await shop.pass_time(seconds=outage)
    assert not is_connected(shop)


def is_connected(shop: Shop) -> bool:
    return shop.core.connection.get_connection_status().is_connected


async def seconds_until_open(shop: Shop) -> int:
    began = shop.clock.steady()
    while not is_connected(shop):
        await shop.pass_time(seconds=1)
    return (shop.clock.steady() - began) // SECOND


@pytest.mark.requirement("S3")
@pytest.mark.parametrize("outage", [31, 97, 300, 601, 1801])
def test_watch_connects_within_10_s_of_the_network_while_a_message_waits(outage: int) -> None:
    async def story(shop: Shop) -> None:
        await lose_network(shop, outage=outage)
        shop.messenger.reachable = True
        assert await seconds_until_open(shop) <= 10

    in_shop(story, messengers=Offline)


def test_watch_looks_at_no_port_without_a_waiting_message() -> None:
    async def story(shop: Shop) -> None:
        await lose_network(shop, messages=0)
        assert shop.messenger.looks == []

    in_shop(story, messengers=Offline)


def test_watch_sees_a_message_that_comes_during_the_backoff() -> None:
    async def story(shop: Shop) -> None:
        await lose_network(shop, messages=0)
        while shop.core.connection.get_connection_status().reason is None:
            await shop.pass_time(seconds=1)
        await shop.see(shop.order(1))
        shop.messenger.reachable = True
        assert await seconds_until_open(shop) <= 10

    in_shop(story, messengers=Offline)


def test_watch_costs_whatsapp_no_login_during_the_outage() -> None:
    async def story(shop: Shop) -> None:
        await lose_network(shop, outage=600)
        logins = len(shop.messenger.connects)
        await shop.pass_time(minutes=10)
        assert len(shop.messenger.connects) - logins <= 20
        assert 80 <= len(shop.messenger.looks) <= 240

    in_shop(story, messengers=Offline)


def test_watch_tries_a_port_that_answers_and_refuses_once_per_backoff() -> None:
    async def story(shop: Shop) -> None:
        messenger = shop.messenger
        assert isinstance(messenger, Offline)
        messenger.fails = True
        await messenger.emit(UNREACHABLE)
        await shop.see(shop.order(1))
        await shop.pass_time(minutes=10)
        logins, looks = len(messenger.connects), len(messenger.looks)
        await shop.pass_time(minutes=10)
        # 60 s of backoff at most, and one early try in between.
        assert len(messenger.connects) - logins <= 30
        assert len(messenger.looks) - looks <= 30

    in_shop(story, messengers=Offline)


@pytest.mark.parametrize("cause", [None, CloseCause.CERTIFICATE, CloseCause.CLOCK, CloseCause.SERVICE_DOWN])
def test_watch_looks_only_after_a_failure_of_the_network(cause: CloseCause | None) -> None:
    async def story(shop: Shop) -> None:
        messenger = shop.messenger
        assert isinstance(messenger, Offline)
        messenger.cause, messenger.fails = cause, True
        await messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.see(shop.order(1))
        await shop.pass_time(minutes=10)
        assert messenger.looks == []

    in_shop(story, messengers=Offline)


class Blind(Offline):
    async def is_reachable(self, session_id: SessionId, patience: timedelta) -> bool:
        await super().is_reachable(session_id, patience)
        raise SidecarGoneError


def test_watch_keeps_the_backoff_when_there_is_no_process_to_look() -> None:
    async def story(shop: Shop) -> None:
        await lose_network(shop)
        shop.messenger.reachable = True
        assert await seconds_until_open(shop) <= 60
        assert shop.messenger.looks

    in_shop(story, messengers=Blind)


def test_watch_of_a_connection_replaced_by_a_person_ends_no_connection() -> None:
    async def story(shop: Shop) -> None:
        await lose_network(shop)
        shop.messenger.reachable = True
        await shop.core.connection.reconnect()
        await let_tasks_run()
        connects, looks = len(shop.messenger.connects), len(shop.messenger.looks)
        await shop.see(shop.order(2))
        await shop.pass_time(minutes=5)
        assert is_connected(shop)
        assert len(shop.messenger.connects) == connects
        assert len(shop.messenger.looks) == looks

    in_shop(story, messengers=Offline)


class BusyStore(MemoryStore):
    async def read(self, work: Callable[[Rows], T]) -> T:  # noqa: ARG002 - refused whatever it is
        raise DatabaseBusyError


def test_watch_keeps_the_backoff_while_the_database_is_busy() -> None:
    async def story() -> None:
        clock = MovedClock()
        messenger = ScriptedMessenger(clock)
        watch = NetworkWatch(MAIN, BusyStore(), messenger, clock)
        waiting = asyncio.get_running_loop().create_task(watch.back_off(timedelta(minutes=1)))
        await clock.advance(timedelta(seconds=59))
        assert not waiting.done()
        await clock.advance(timedelta(seconds=1))
        assert waiting.done()
        assert messenger.looks == []

    asyncio.run(story())


@pytest.mark.requirement("S3")
def test_every_close_is_logged_with_code_and_cause(caplog: pytest.LogCaptureFixture) -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.emit(UNREACHABLE)
        await shop.core.connection.disconnect()

    with caplog.at_level(logging.INFO):
        in_shop(story)
    closes = [record for record in caplog.records if record.message == "connection_closed"]
    told = [tuple(vars(each)[name] for name in ("session", "code", "cause", "after")) for each in closes]
    assert told[0] == (MAIN, 408, "no_internet", "back_off")

"""Stored session: credentials survive a busy database; unreadable ones are reported."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from app.domain.errors import CredentialsUnreadableError, DatabaseBusyError, DiskFullError
from app.domain.session import CREDENTIALS_UNREADABLE, ConnectionState, SessionData
from app.ports.store import Rows
from app.services.background_tasks import BackgroundTasks
from app.services.connection.stored_session import StoredSession
from tests.harness.shop import MAIN, PAIRED, Shop, in_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run

T = TypeVar("T")
RENEWED = replace(PAIRED, credentials="renewed")


class RefusingStore(MemoryStore):
    """Refuses its next transactions with these errors, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals: list[Exception] = []

    async def transact(self, work: Callable[[Rows], T]) -> T:
        if self.refusals:
            raise self.refusals.pop(0)
        return await super().transact(work)


class Stored:
    """One session's record over a store that may refuse."""

    def __init__(self) -> None:
        self.store, self.clock, self.tasks = RefusingStore(), MovedClock(), BackgroundTasks()
        self.session = StoredSession(MAIN, self.store, self.clock, self.tasks)

    async def on_disk(self) -> SessionData | None:
        return await self.store.read(lambda rows: rows.sessions.get(MAIN))


@pytest.mark.requirement("S2")
@pytest.mark.requirement("Z2")
@pytest.mark.parametrize("error", [DatabaseBusyError, DiskFullError])
def test_stored_session_is_written_later_when_the_database_refuses(error: type[Exception]) -> None:
    async def story() -> None:
        stored = Stored()
        stored.store.refusals = [error() for _ in range(4)]
        with pytest.raises(error):
            await stored.session.save(PAIRED)
        with pytest.raises(error):
            await stored.session.save(RENEWED)
        assert stored.session.data == RENEWED
        assert await stored.on_disk() is None
        await stored.clock.advance(timedelta(seconds=5))
        assert await stored.on_disk() == RENEWED
        assert not stored.tasks._running

    asyncio.run(story())


def test_stored_session_is_written_again_when_it_was_refused_before() -> None:
    async def story() -> None:
        stored = Stored()
        for data in (PAIRED, RENEWED):
            stored.store.refusals = [DatabaseBusyError(), DatabaseBusyError()]
            with pytest.raises(DatabaseBusyError):
                await stored.session.save(data)
            await stored.clock.advance(timedelta(minutes=1))
            assert await stored.on_disk() == data

    asyncio.run(story())


def test_stored_session_does_not_come_back_when_it_was_forgotten() -> None:
    async def story() -> None:
        stored = Stored()
        stored.store.refusals = [DatabaseBusyError(), DatabaseBusyError()]
        with pytest.raises(DatabaseBusyError):
            await stored.session.save(PAIRED)
        await let_tasks_run()
        await stored.session.forget()
        await stored.clock.advance(timedelta(minutes=5))
        assert await stored.on_disk() is None
        assert not stored.session.data.paired

    asyncio.run(story())


def test_stored_session_is_still_owed_when_forgetting_it_fails() -> None:
    async def story() -> None:
        stored = Stored()
        stored.store.refusals = [DatabaseBusyError() for _ in range(3)]
        with pytest.raises(DatabaseBusyError):
            await stored.session.save(PAIRED)
        await let_tasks_run()
        with pytest.raises(DatabaseBusyError):
            await stored.session.forget()
        await stored.clock.advance(timedelta(minutes=5))
        assert await stored.on_disk() == stored.session.data == PAIRED

    asyncio.run(story())


@pytest.mark.requirement("S3")
def test_connection_asks_for_a_pairing_when_credentials_are_unreadable(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.connect_error = CredentialsUnreadableError()
        await shop.core.connection.reconnect()
        await shop.pass_time(hours=1)
        status = shop.core.connection.get_connection_status()
        assert (status.state, status.reason) == (ConnectionState.BLOCKED, CREDENTIALS_UNREADABLE)
        assert len(shop.messenger.connects) == 2
        shop.messenger.connect_error = None
        await shop.core.connection.pair()
        assert shop.messenger.connects[-1].credentials == ""

    with caplog.at_level(logging.ERROR):
        in_shop(story)
    assert [each.message for each in caplog.records] == [CREDENTIALS_UNREADABLE]

"""An older copy of the database is noticed at the start, and costs the ratchets and the certainty of what waited."""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

import pytest

from app.domain.errors import DatabaseBusyError, VersionUnkeptError
from app.domain.events import TroubleReported
from app.domain.notification import State
from app.ports.store import Rows
from app.services.older_copy import RESTORED_MARK, VERSION
from app.services.templates.manager import MessageTemplateManager
from tests.simulators.memory_store import MemoryStore
from tests.simulators.memory_version import MemoryVersion
from tests.simulators.shop import MAIN, Shop, open_shop

T = TypeVar("T")
RATCHETS: dict[str, dict[str, str | None]] = {"session": {"1.0": "ratchet"}, "pre-key": {"1": "key"}}


def numbered(store: MemoryStore, number: int, *, restored: bool = False) -> MemoryStore:
    """A database of that number, with a ratchet in it."""

    def work(rows: Rows) -> None:
        rows.settings.set(VERSION, str(number))
        rows.settings.set(RESTORED_MARK, "2026-01-10" if restored else "")
        rows.sessions.save_keys(MAIN, RATCHETS)

    asyncio.run(store.transact(work))
    return store


async def keeps_ratchets(shop: Shop) -> bool:
    kept = await shop.store.read(lambda rows: rows.sessions.keys(MAIN, "session", ["1.0"]))
    others = await shop.store.read(lambda rows: rows.sessions.keys(MAIN, "pre-key", ["1"]))
    assert others == RATCHETS["pre-key"]
    return bool(kept)


async def number_in(shop: Shop) -> int:
    return int(await shop.store.read(lambda rows: rows.settings.get(VERSION)) or 0)


@pytest.mark.parametrize(
    ("within", "beside", "kept"),
    [
        (7, MemoryVersion(7), True),
        (6, MemoryVersion(7), False),
        (8, MemoryVersion(7), False),
        (7, MemoryVersion(None), False),
        (7, MemoryVersion(7, refuses=True), False),
    ],
)
def test_ratchets_are_kept_only_where_both_numbers_agree(
    within: int,
    beside: MemoryVersion,
    kept: bool,  # noqa: FBT001 - a table
) -> None:
    store = numbered(MemoryStore(), within)

    async def story() -> None:
        async with open_shop(store=store, version=beside) as shop:
            assert await keeps_ratchets(shop) is kept
            assert await number_in(shop) > within

    asyncio.run(story())


def test_the_number_rises_at_the_start_a_minute_after_something_was_sent_and_at_the_end() -> None:
    version = MemoryVersion()

    async def story() -> None:
        async with open_shop(version=version) as shop:
            assert version.kept == [1]
            await shop.pass_time(hours=3)
            assert version.kept == [1]
            for number in range(3):
                await shop.see(shop.order(number))
            await shop.pass_time(seconds=59)
            assert version.kept == [1]
            await shop.pass_time(seconds=2)
            assert version.kept == [1, 2]
            assert await number_in(shop) == 2
            await shop.pass_time(hours=3)
            assert version.kept == [1, 2]
            await shop.see(shop.order(9))
            await shop.pass_time(minutes=1)
            assert version.kept == [1, 2, 3]
        assert version.kept == [1, 2, 3, 4]

    asyncio.run(story())


def test_a_clean_end_and_a_new_start_cost_no_ratchet() -> None:
    store, version = numbered(MemoryStore(), 3), MemoryVersion(3)

    async def story() -> None:
        for _ in range(3):
            async with open_shop(store=store, version=version) as shop:
                assert await keeps_ratchets(shop)

    asyncio.run(story())


def test_a_start_that_fails_before_the_numbers_were_compared_hides_no_difference() -> None:
    store, version = numbered(MemoryStore(), 3), MemoryVersion(9)

    async def no_templates(_: MessageTemplateManager) -> None:
        raise MemoryError

    async def story() -> None:
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(MessageTemplateManager, "load", no_templates)
            with pytest.raises(MemoryError):
                async with open_shop(store=store, version=version):
                    pytest.fail("it started")
        assert (version.number, version.kept) == (9, [])
        async with open_shop(store=store, version=version) as shop:
            assert not await keeps_ratchets(shop)

    asyncio.run(story())


def test_a_place_that_refuses_is_told_once_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    version = MemoryVersion(refuses=True)

    async def story() -> None:
        async with open_shop(version=version) as shop:
            for number in range(3):
                await shop.see(shop.order(number))
                await shop.pass_time(minutes=2)
                row = await shop.message(shop.order(number))
                assert row.state is State.SENT
            assert await number_in(shop) == 4
            troubles = [event.code for event in shop.events if isinstance(event, TroubleReported)]
            assert troubles == [VersionUnkeptError.code]

    asyncio.run(story())
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


class BusyStore(MemoryStore):
    """Refuses as many transactions as `refusals` says."""

    refusals = 0

    async def transact(self, work: Callable[[Rows], T]) -> T:
        if self.refusals:
            self.refusals -= 1
            raise DatabaseBusyError
        return await super().transact(work)


def test_a_database_that_refuses_the_number_is_given_it_a_minute_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store, version = BusyStore(), MemoryVersion()

    async def story() -> None:
        async with open_shop(store=store, version=version) as shop:
            await shop.see(shop.order(1))
            await shop.pass_time(seconds=59)
            store.refusals = 1
            await shop.pass_time(seconds=2)
            assert (version.kept, await number_in(shop), store.refusals) == ([1], 1, 0)
            await shop.pass_time(minutes=1)
            assert version.number == await number_in(shop) > 1

    asyncio.run(story())
    assert [vars(each)["code"] for each in caplog.records if each.message == "version_not_noted"] == [
        "database_busy"
    ]

"""Restore detector: an older copy is noticed at the start; its ratchets and waiting rows are distrusted."""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

import pytest

from app.domain.errors import DatabaseBusyError, VersionNotStoredError
from app.domain.events import ProblemReported
from app.domain.notification import State
from app.ports.store import Rows
from app.ports.version_counter import VersionMark
from app.services.notifications.restore_recovery import RESTORED
from app.services.runtime.restore_detector import CONFIRMED, INCARNATION, RESTORED_MARK, VERSION
from app.services.templates.manager import MessageTemplateManager
from tests.harness.shop import MAIN, Shop, open_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.memory_version import MemoryVersion
from tests.simulators.moved_clock import MovedClock

T = TypeVar("T")
RATCHETS: dict[str, dict[str, str | None]] = {"session": {"1.0": "ratchet"}, "pre-key": {"1": "key"}}
SIX, SEVEN = (VersionMark(number, f"{number}a") for number in (6, 7))
OTHER_SEVEN = VersionMark(7, "of another copy")


def marked(
    store: MemoryStore, mark: VersionMark, *, confirmed: str = "", restored: bool = False
) -> MemoryStore:
    """A database with that mark, and with a ratchet in it."""

    def work(rows: Rows) -> None:
        rows.settings.set(VERSION, str(mark.number))
        rows.settings.set(INCARNATION, mark.incarnation or "")
        rows.settings.set(CONFIRMED, confirmed)
        rows.settings.set(RESTORED_MARK, "2026-01-10" if restored else "")
        rows.sessions.save_keys(MAIN, RATCHETS)

    asyncio.run(store.transact(work))
    return store


async def keeps_ratchets(shop: Shop) -> bool:
    kept = await shop.store.read(lambda rows: rows.sessions.keys(MAIN, "session", ["1.0"]))
    others = await shop.store.read(lambda rows: rows.sessions.keys(MAIN, "pre-key", ["1"]))
    assert others == RATCHETS["pre-key"]
    return bool(kept)


async def mark_in(shop: Shop) -> VersionMark:
    def work(rows: Rows) -> VersionMark:
        return VersionMark(int(rows.settings.get(VERSION) or 0), rows.settings.get(INCARNATION))

    return await shop.store.read(work)


def numbers(marks: list[VersionMark]) -> list[int]:
    return [mark.number for mark in marks]


@pytest.mark.parametrize(
    ("within", "beside", "kept"),
    [
        (SEVEN, MemoryVersion(SEVEN), True),
        (SEVEN, MemoryVersion(SEVEN, copy_refuses=True), True),
        (SIX, MemoryVersion(SEVEN), False),
        (SEVEN, MemoryVersion(OTHER_SEVEN), False),
        (SEVEN, MemoryVersion(None), False),
        (SEVEN, MemoryVersion(SEVEN, refuses=True), False),
    ],
)
def test_ratchets_are_kept_only_where_both_marks_agree(
    within: VersionMark,
    beside: MemoryVersion,
    kept: bool,  # noqa: FBT001 - a table
) -> None:
    store = marked(MemoryStore(), within)

    async def story() -> None:
        async with open_shop(store=store, version=beside) as shop:
            assert await keeps_ratchets(shop) is kept
            assert (await mark_in(shop)).number == 8

    asyncio.run(story())


def test_note_is_made_at_the_start_before_each_burst_and_at_the_end() -> None:
    version = MemoryVersion()

    async def story() -> None:
        async with open_shop(version=version) as shop:
            assert numbers(version.kept) == [1]
            await shop.pass_time(hours=3)
            for number in range(3):
                await shop.see(shop.order(number, phone=f"+557399954853{number}"))
            assert numbers(version.kept) == [1, 2]
            assert version.mark == await mark_in(shop)
            await shop.pass_time(seconds=4.9)
            await shop.see(shop.order(4))
            assert numbers(version.kept) == [1, 2]
            await shop.pass_time(seconds=0.1)
            await shop.see(shop.order(5, phone="+5573999548535"))
            assert numbers(version.kept) == [1, 2, 3]
            await shop.pass_time(hours=3)
            assert numbers(version.kept) == [1, 2, 3]
        assert numbers(version.kept) == [1, 2, 3, 4]
        assert version.mark == version.copy
        assert len({mark.incarnation for mark in version.kept}) == 4

    asyncio.run(story())


def test_note_is_on_disk_before_the_text_is_handed_over() -> None:
    class SlowVersion(MemoryVersion):
        async def keep(self, mark: VersionMark) -> None:
            await gate.wait()
            await super().keep(mark)

    gate = asyncio.Event()

    async def story() -> None:
        gate.set()
        async with open_shop(version=SlowVersion()) as shop:
            await shop.pass_time(seconds=5)
            gate.clear()
            for number in range(3):
                await shop.see(shop.order(number, phone=f"+557399954853{number}"))
            assert shop.messenger.sends == []
            gate.set()
            await shop.pass_time(seconds=1)
            assert len(shop.messenger.sends) == 3

    asyncio.run(story())


def test_copy_of_the_mark_follows_at_most_once_a_minute() -> None:
    version = MemoryVersion()

    async def story() -> None:
        async with open_shop(version=version) as shop:
            assert numbers(version.copied) == [1]
            for number in range(3):
                await shop.see(shop.order(number))
                await shop.pass_time(seconds=15)
            assert numbers(version.kept) == [1, 2, 3, 4]
            assert numbers(version.copied) == [1]
            await shop.pass_time(seconds=15)
            assert numbers(version.copied) == [1, 4]
        assert numbers(version.copied) == [1, 4, 5]

    asyncio.run(story())


@pytest.mark.requirement("Q4", "K8")
@pytest.mark.parametrize("killed", [True, False])
def test_copy_of_the_same_minute_is_noticed_and_nothing_goes_out_again(*, killed: bool) -> None:
    clock, version, store = MovedClock(), MemoryVersion(SEVEN), marked(MemoryStore(), SEVEN)

    async def story() -> None:
        async with open_shop(store=store, clock=clock, version=version) as shop:
            orders = [shop.order(number, phone=f"+55739999{number:05d}") for number in range(5)]
            await shop.core.queue.pause()
            for order in orders:
                await shop.see(order)
            copy = store.copy()
            await shop.core.queue.resume()
            await shop.pass_time(seconds=30)
            assert len(shop.messenger.arrived) == 5
            if killed:
                shop.core.background.restore_detector._mark = None
        await copy.transact(lambda rows: rows.settings.set("queue_paused", "no"))
        async with open_shop(store=copy, clock=clock, seed=1, version=version) as shop:
            await shop.pass_time(seconds=30)
            assert shop.messenger.arrived == []
            rows = [await shop.message(order) for order in orders]
            assert {(row.state, row.reason) for row in rows} == {(State.IN_DOUBT, RESTORED)}
            assert not await shop.store.read(lambda rows: rows.sessions.keys(MAIN, "session", ["1.0"]))

    asyncio.run(story())


def test_crash_between_the_two_writes_is_no_copy() -> None:
    class DyingVersion(MemoryVersion):
        async def keep(self, mark: VersionMark) -> None:
            if not self.refuses:
                await super().keep(mark)

    store, version = marked(MemoryStore(), SEVEN), DyingVersion(SEVEN)

    async def story() -> None:
        async with open_shop(store=store, version=version) as shop:
            version.refuses = True
            await shop.core.background.restore_detector.write_mark()
            shop.core.background.restore_detector._mark = None
        assert numbers(version.kept) == [8]
        version.refuses = False
        async with open_shop(store=store, version=version, seed=1) as shop:
            assert await keeps_ratchets(shop)
            assert await mark_in(shop) == version.mark

    asyncio.run(story())


def test_clean_end_and_new_start_cost_no_ratchet() -> None:
    store, version = marked(MemoryStore(), SEVEN), MemoryVersion(SEVEN)

    async def story() -> None:
        for seed in range(3):
            async with open_shop(store=store, version=version, seed=seed) as shop:
                assert await keeps_ratchets(shop)

    asyncio.run(story())


def test_start_that_fails_before_the_comparison_hides_no_difference() -> None:
    store, nine = marked(MemoryStore(), SEVEN), VersionMark(9, "9a")
    version = MemoryVersion(nine)

    async def no_templates(_: MessageTemplateManager) -> None:
        raise MemoryError

    async def story() -> None:
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(MessageTemplateManager, "load", no_templates)
            with pytest.raises(MemoryError):
                async with open_shop(store=store, version=version):
                    pytest.fail("it started")
        assert (version.mark, version.kept, version.copied) == (nine, [], [])
        async with open_shop(store=store, version=version) as shop:
            assert not await keeps_ratchets(shop)

    asyncio.run(story())


def test_place_that_refuses_is_told_once_and_holds_nothing(caplog: pytest.LogCaptureFixture) -> None:
    version = MemoryVersion(refuses=True, copy_refuses=True)

    async def story() -> None:
        async with open_shop(version=version) as shop:
            for number in range(3):
                await shop.see(shop.order(number))
                await shop.pass_time(minutes=2)
                row = await shop.message(shop.order(number))
                assert row.state is State.SENT
            assert (await mark_in(shop)).number == 4
            troubles = [event.code for event in shop.events if isinstance(event, ProblemReported)]
            assert troubles == [VersionNotStoredError.code]

    asyncio.run(story())
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


class BusyStore(MemoryStore):
    """Refuses to write down a mark as often as `refusals` says."""

    refusals = 0

    async def transact(self, work: Callable[[Rows], T]) -> T:
        def watched(rows: Rows) -> T:
            before = rows.settings.get(VERSION)
            done = work(rows)
            if self.refusals and rows.settings.get(VERSION) != before:
                self.refusals -= 1
                raise DatabaseBusyError
            return done

        return await super().transact(watched)


def test_restore_note_that_the_database_refuses_is_made_at_the_next_start(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store, version = BusyStore(), MemoryVersion()

    async def story() -> None:
        async with open_shop(store=store, version=version) as shop:
            await shop.pass_time(seconds=5)
            store.refusals = 1
            await shop.see(shop.order(1))
            assert len(shop.messenger.sends) == 1
            assert (numbers(version.kept), (await mark_in(shop)).number) == ([1], 1)
            await shop.see(shop.order(2, phone="+5573999548532"))
            assert (numbers(version.kept), await mark_in(shop)) == ([1, 2], version.mark)

    asyncio.run(story())
    assert [vars(each)["code"] for each in caplog.records if each.message == "version_not_noted"] == [
        "database_busy"
    ]

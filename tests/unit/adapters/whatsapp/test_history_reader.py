"""Tests of the reader of kept history notices: order, retries, and what ends it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from app.adapters.whatsapp.history_reader import MOST_TRIES, PAUSES, HistoryReader
from app.adapters.whatsapp.wire_history import HistoryNoticeParams, ReadHistoryParams, ReadHistoryResult
from app.domain.errors import DiskFullError, SidecarGoneError
from app.domain.identifiers import SessionId
from app.ports.histories import history_setting
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run

MAIN = SessionId("main")


class ScriptedSidecar:
    """Answers one outcome after the other; the last one repeats."""

    def __init__(self, *outcomes: str | Exception) -> None:
        self.asked: list[str] = []
        self.outcomes = list(outcomes)

    async def __call__(self, params: ReadHistoryParams) -> ReadHistoryResult:
        self.asked.append(params.notice)
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return ReadHistoryResult.model_validate({"outcome": outcome})


class ReaderHarness:
    def __init__(self, sidecar: ScriptedSidecar, store: MemoryStore | None = None) -> None:
        self.sidecar, self.store = sidecar, store or MemoryStore()
        self.clock = MovedClock()
        self.told = 0
        self.reader = HistoryReader(MAIN, self.store, self.clock, sidecar, self.tell)

    async def tell(self) -> None:
        """Count the histories that are told to be read, each of which is on disk by then."""
        assert await self.store.read(lambda rows: rows.settings.get(history_setting(MAIN)))
        self.told += 1

    async def keep(self, *notices: str) -> None:
        for notice in notices:
            await self.reader.keep(HistoryNoticeParams(notice_id=notice, notice=notice))

    async def waiting(self) -> int:
        return len(await self.store.read(lambda rows: rows.histories.waiting(MAIN)))


def played(story: Callable[[ReaderHarness], Awaitable[None]], *outcomes: str | Exception) -> None:
    async def run() -> None:
        harness = ReaderHarness(ScriptedSidecar(*outcomes))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(harness.reader.run())
            await story(harness)
            harness.reader.finish()

    asyncio.run(run())


def test_reader_reads_each_notice_once_while_the_connection_is_open() -> None:
    async def story(shop: ReaderHarness) -> None:
        await shop.keep("first", "second")
        await let_tasks_run()
        assert shop.sidecar.asked == []
        shop.reader.link_changed("open")
        await let_tasks_run()
        assert (shop.sidecar.asked, await shop.waiting()) == (["first", "second"], 0)
        await shop.keep("third")
        await let_tasks_run()
        assert (shop.sidecar.asked[2:], shop.told) == (["third"], 3)
        assert await shop.store.read(lambda rows: rows.settings.get(history_setting(MAIN)))

    played(story, "read")


@pytest.mark.parametrize("failure", ["failed", SidecarGoneError(), DiskFullError(), ValueError()])
def test_reader_tries_again_with_longer_pauses_after_a_failure(failure: str | Exception) -> None:
    async def story(shop: ReaderHarness) -> None:
        await shop.keep("first")
        shop.reader.link_changed("open")
        for tries, pause in enumerate((*PAUSES, PAUSES[-1]), start=1):
            await let_tasks_run()
            assert len(shop.sidecar.asked) == tries
            await shop.clock.advance(pause - timedelta(milliseconds=1))
            await let_tasks_run()
            assert len(shop.sidecar.asked) == tries
            await shop.clock.advance(timedelta(milliseconds=1))
        await let_tasks_run()
        assert await shop.waiting() == 1

    played(story, failure)


def test_reader_gives_up_a_notice_that_fails_too_often() -> None:
    async def story(shop: ReaderHarness) -> None:
        await shop.keep("deadly")
        shop.reader.link_changed("open")
        for _ in range(MOST_TRIES + 1):
            await let_tasks_run()
            await shop.clock.advance(PAUSES[-1])
        await let_tasks_run()
        assert (len(shop.sidecar.asked), await shop.waiting()) == (MOST_TRIES, 0)
        assert not await shop.store.read(lambda rows: rows.settings.get(history_setting(MAIN)))

    played(story, SidecarGoneError())


def test_reader_deletes_an_unusable_notice_and_reads_the_next() -> None:
    async def story(shop: ReaderHarness) -> None:
        await shop.keep("broken", "good")
        shop.reader.link_changed("open")
        await let_tasks_run()
        assert (shop.sidecar.asked, await shop.waiting(), shop.told) == (["broken", "good"], 0, 1)

    played(story, "unusable", "read")


def test_reader_waits_for_the_next_connection_after_a_close() -> None:
    async def story(shop: ReaderHarness) -> None:
        await shop.keep("first")
        shop.reader.link_changed("open")
        shop.reader.link_changed("closed")
        await let_tasks_run()
        await shop.clock.advance(PAUSES[-1])
        await let_tasks_run()
        assert (shop.sidecar.asked, await shop.waiting()) == ([], 1)
        shop.reader.link_changed("open")
        await let_tasks_run()
        assert await shop.waiting() == 0

    played(story, "read")


def test_reader_keeps_its_backoff_on_a_line_that_drops_again_and_again() -> None:
    async def story(shop: ReaderHarness) -> None:
        await shop.keep("first")
        for _ in range(4 * MOST_TRIES):
            shop.reader.link_changed("open")
            await let_tasks_run()
            shop.reader.link_changed("closed")
            await shop.clock.advance(timedelta(seconds=20))
            await let_tasks_run()
        # 40 minutes: a try at each opening would have used them up.
        assert await shop.waiting() == 1
        assert len(shop.sidecar.asked) <= len(PAUSES)

    played(story, "failed")


def test_reader_reads_the_history_of_a_new_link_at_once_after_failures() -> None:
    async def story(shop: ReaderHarness) -> None:
        await shop.keep("former")
        shop.reader.link_changed("open")
        for _ in PAUSES:
            await let_tasks_run()
            await shop.clock.advance(PAUSES[-1])
        await let_tasks_run()
        asked = len(shop.sidecar.asked)
        shop.reader.link_changed("closed")
        await shop.keep("new")
        shop.reader.link_changed("paired")
        shop.reader.link_changed("open")
        await let_tasks_run()
        assert shop.sidecar.asked[asked:] == ["former", "new"]

    played(story, "failed")


def test_reader_reads_what_an_earlier_process_kept() -> None:
    async def story(later: ReaderHarness) -> None:
        earlier = ReaderHarness(ScriptedSidecar("read"), later.store)
        await earlier.keep("first")
        later.reader.link_changed("open")
        await let_tasks_run()
        assert (later.sidecar.asked, await later.waiting()) == (["first"], 0)

    played(story, "read")


def test_reader_records_no_history_of_a_session_that_was_wiped_meanwhile() -> None:
    async def story() -> None:
        store = MemoryStore()

        async def wiping(_: ReadHistoryParams) -> ReadHistoryResult:
            await store.transact(lambda rows: rows.sessions.wipe(MAIN))
            return ReadHistoryResult(outcome="read")

        shop = ReaderHarness(ScriptedSidecar("read"), store)
        shop.reader = HistoryReader(MAIN, store, shop.clock, wiping, shop.tell)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(shop.reader.run())
            await shop.keep("first")
            shop.reader.link_changed("open")
            await let_tasks_run()
            shop.reader.finish()
        assert not await store.read(lambda rows: rows.settings.get(history_setting(MAIN)))
        assert shop.told == 0

    asyncio.run(story())

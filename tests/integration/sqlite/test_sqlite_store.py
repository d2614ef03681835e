"""What the store on disk promises beyond the contract: durability, threads, plans, and errors that tell nothing."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, get_ident
from typing import Any, cast

import pytest
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.sqlite import SqliteStore
from app.adapters.sqlite.failures import translated
from app.adapters.sqlite.notification_rows import SqlNotificationRows
from app.domain.errors import (
    ContractViolationError,
    DatabaseBusyError,
    DatabaseUnreadableError,
    DiskFullError,
)
from app.domain.lid import Lid
from app.domain.notification import State
from app.domain.rate_limit import Eligibility
from app.ports.store import Rows
from tests.contracts.asked_store import ANA, LATER, MAIN, ME, NOW, Asked, owed
from tests.harness.opened_store import open_training_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = open_training_store(tmp_path)
    yield opened
    asyncio.run(opened.close())


def _queue(rows: Rows) -> SqlNotificationRows:
    assert isinstance(rows.notifications, SqlNotificationRows)
    return rows.notifications


def _first_cells(rows: Rows, *statements: str) -> list[Any]:
    connection = _queue(rows)._connection
    return [connection.exec_driver_sql(statement).all()[0][-1] for statement in statements]


@pytest.mark.requirement("Q1")
def test_every_commit_is_flushed_to_the_disk(store: SqliteStore) -> None:
    pragmas = ("synchronous", "journal_mode", "foreign_keys", "secure_delete", "temp_store", "busy_timeout")
    kept = asyncio.run(
        store.transact(lambda rows: _first_cells(rows, *(f"PRAGMA {name}" for name in pragmas)))
    )
    assert kept == [2, "wal", 1, 1, 2, 5000]


def test_all_writing_is_done_by_one_thread_and_all_reading_by_another(store: SqliteStore) -> None:
    async def threads() -> list[set[int]]:
        writers = await asyncio.gather(*(store.transact(lambda _: get_ident()) for _ in range(5)))
        readers = await asyncio.gather(*(store.read(lambda _: get_ident()) for _ in range(5)))
        return [set(writers), set(readers), {get_ident()}]

    writer, reader, own = asyncio.run(threads())
    assert [len(writer), len(reader)] == [1, 1]
    assert len(writer | reader | own) == 3


def test_a_long_read_stands_in_nobodys_way_and_sees_one_moment(store: SqliteStore) -> None:
    reading, written = Event(), Event()

    def read_slowly(rows: Rows) -> list[str | None]:
        before = rows.settings.get("a")
        reading.set()
        assert written.wait(10)
        return [before, rows.settings.get("a")]

    async def both() -> list[str | None]:
        slow = asyncio.gather(store.read(read_slowly))
        await asyncio.to_thread(reading.wait, 10)
        await store.transact(lambda rows: rows.settings.set("a", "1"))
        written.set()
        return (await slow)[0]

    assert asyncio.run(both()) == [None, None]
    assert asyncio.run(store.read(lambda rows: rows.settings.get("a"))) == "1"


def test_cancelled_caller_leaves_transaction_whole_and_thread_working(store: SqliteStore) -> None:
    begun, may_end = Event(), Event()

    def slowly(rows: Rows) -> None:
        rows.settings.set("a", "1")
        begun.set()
        assert may_end.wait(10)
        rows.settings.set("b", "2")

    async def give_up() -> list[str | None]:
        waiting = asyncio.gather(store.transact(slowly))
        never = asyncio.gather(store.transact(lambda rows: rows.settings.set("never", "begun")))
        await asyncio.to_thread(begun.wait, 10)
        waiting.cancel()
        never.cancel()
        ended = await asyncio.gather(waiting, never, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ended)
        may_end.set()
        return await store.transact(lambda rows: [rows.settings.get(name) for name in ("a", "b", "never")])

    assert asyncio.run(give_up()) == ["1", "2", None]


def test_closing_ends_what_was_asked_before_and_leaves_one_file(tmp_path: Path) -> None:
    store = open_training_store(tmp_path)

    async def write_and_close() -> None:
        writing = asyncio.gather(
            *(store.transact(lambda rows: rows.settings.set("a", "1")) for _ in range(20))
        )
        await asyncio.wait((writing,), timeout=0)
        await store.close()
        await writing

    asyncio.run(write_and_close())
    assert [file.name for file in tmp_path.glob("coco.db*")] == ["coco.db"]


def test_a_failing_statement_tells_neither_phone_nor_text(store: SqliteStore) -> None:
    broken = replace(owed(), attempts=cast("int", None))
    with pytest.raises((SQLAlchemyError, sqlite3.Error)) as raised:
        asyncio.run(store.transact(lambda rows: rows.notifications.add(broken)))
    told = f"{raised.value}{raised.value!r}{raised.value.__cause__!r}"
    assert "attempts" in told
    assert owed().phone.text not in told
    assert owed().text not in told


def test_a_full_disk_is_said_so_and_undoes_the_transaction(store: SqliteStore) -> None:
    def write_too_much(rows: Rows) -> None:
        pages = _first_cells(rows, "PRAGMA page_count")[0]
        _first_cells(rows, f"PRAGMA max_page_count={pages}")
        rows.settings.set("a", "x" * 100_000)

    with pytest.raises(DiskFullError):
        asyncio.run(store.transact(write_too_much))
    assert asyncio.run(store.read(lambda rows: rows.settings.get("a"))) is None
    asyncio.run(store.transact(lambda rows: rows.settings.set("b", "1")))


@pytest.mark.requirement("Q1")
def test_waiting_transactions_share_one_commit_and_are_answered_after_it(store: SqliteStore) -> None:
    said: list[str] = []
    begun, may_end = Event(), Event()

    def slowly(_: Rows) -> None:
        begun.set()
        assert may_end.wait(10)

    async def told_after_commit(number: int) -> None:
        await store.transact(lambda rows: rows.settings.set(f"number {number}", "yes"))
        said.append("told")

    async def crowd() -> None:
        driver = cast("sqlite3.Connection", store._writer.connection.connection.driver_connection)
        await store.transact(lambda _: driver.set_trace_callback(said.append))
        first = asyncio.gather(store.transact(slowly))
        await asyncio.to_thread(begun.wait, 10)
        others = asyncio.gather(*(told_after_commit(number) for number in range(10)))
        await asyncio.wait((others,), timeout=0)
        may_end.set()
        await asyncio.gather(first, others)
        await store.transact(lambda _: driver.set_trace_callback(None))

    asyncio.run(crowd())
    told = said.index("told")
    assert said[told : told + 10] == ["told"] * 10
    assert said[said.index("BEGIN IMMEDIATE") : told].count("COMMIT") == 1


@pytest.mark.requirement("Q1")
def test_a_disk_that_is_full_for_one_loses_nothing_of_those_beside_it(store: SqliteStore) -> None:
    def write_too_much(rows: Rows) -> None:
        pages = _first_cells(rows, "PRAGMA page_count")[0]
        _first_cells(rows, f"PRAGMA max_page_count={pages}")
        rows.settings.set("a", "x" * 100_000)

    async def crowd() -> list[BaseException | None]:
        works: list[Callable[[Rows], None]] = [
            lambda rows: rows.settings.set("before", "1"),
            write_too_much,
            lambda rows: rows.settings.set("after", "1"),
        ]
        ended = await asyncio.gather(*(store.transact(work) for work in works), return_exceptions=True)
        return list(ended)

    ends = asyncio.run(crowd())
    assert [type(end) for end in ends] == [type(None), DiskFullError, type(None)]
    kept = asyncio.run(store.read(lambda rows: [rows.settings.get(n) for n in ("before", "a", "after")]))
    assert kept == ["1", None, "1"]


def test_database_held_by_another_program_is_busy_and_serves_afterwards(tmp_path: Path) -> None:
    async def story() -> None:
        store = open_training_store(tmp_path)
        await store.transact(lambda rows: _first_cells(rows, "PRAGMA busy_timeout=10"))
        other = sqlite3.connect(tmp_path / "coco.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            with pytest.raises(DatabaseBusyError):
                await store.transact(lambda rows: rows.settings.set("a", "1"))
        other.execute("ROLLBACK")
        other.close()
        await store.transact(lambda rows: rows.settings.set("a", "2"))
        assert await store.read(lambda rows: rows.settings.get("a")) == "2"
        await store.close()

    asyncio.run(story())


@pytest.mark.parametrize("name", ["SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED", "SQLITE_PROTOCOL"])
def test_every_lock_of_another_program_passes(name: str) -> None:
    failure = sqlite3.OperationalError()
    failure.sqlite_errorname = name
    with pytest.raises(DatabaseBusyError), translated():
        raise failure


@pytest.mark.parametrize(
    ("name", "reason"),
    [("SQLITE_IOERR_READ", "disk"), ("SQLITE_CORRUPT_INDEX", "corrupt"), ("SQLITE_READONLY", "permissions")],
)
def test_extended_names_of_failures_are_understood(name: str, reason: str) -> None:
    failure = sqlite3.OperationalError()
    failure.sqlite_errorname = name
    with pytest.raises(DatabaseUnreadableError) as raised, translated():
        raise failure
    assert raised.value.facts == {"reason": reason}


def test_our_own_mistakes_stay_what_they_are() -> None:
    with pytest.raises(sqlite3.ProgrammingError), translated():
        raise sqlite3.ProgrammingError


@pytest.mark.requirement("Q2", "Z4")
@pytest.mark.parametrize(("cold", "index"), [(True, "ix_due"), (False, "ix_due_to_known")])
def test_leasing_finds_each_due_row_by_its_index(store: SqliteStore, index: str, *, cold: bool) -> None:
    def plan(rows: Rows) -> list[str]:
        queue = _queue(rows)
        statement = queue._leasing._find[cold]._compiled.sql
        values = (1,) * statement.count("?")
        steps = queue._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [step[-1] for step in steps]

    steps = asyncio.run(store.transact(plan))
    walked = f"SEARCH due USING INDEX {index} (session_id=? AND priority=? AND scheduled_at<?)"
    assert walked in steps
    assert any("ix_unfinished_of_customer" in step for step in steps)
    assert not any("TEMP B-TREE" in step for step in steps)


def test_the_designs_columns_follow_the_state(store: SqliteStore) -> None:
    failed = owed(state=State.FAILED, reason="refused")
    asyncio.run(store.transact(lambda rows: rows.notifications.add(failed)))
    columns = (
        "SELECT status FROM whatsapp_notifications",
        "SELECT error_message FROM whatsapp_notifications",
    )
    kept = asyncio.run(store.transact(lambda rows: _first_cells(rows, *columns)))
    assert kept == ["failed", "refused"]


def test_moments_are_kept_to_the_microsecond_and_naive_ones_refused(store: SqliteStore) -> None:
    kept = asyncio.run(
        store.transact(lambda rows: rows.notifications.add(owed(scheduled_at=NOW + LATER / 7)))
    )
    assert kept is not None
    read = asyncio.run(store.read(lambda rows: rows.notifications.get(kept.id)))
    assert read == kept
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(TypeError):
        asyncio.run(store.transact(lambda rows: rows.notifications.find_due(ME, naive, 1, Eligibility(MAIN))))


@pytest.mark.requirement("K1")
def test_store_forgets_the_aliases_of_a_unit_that_was_undone(tmp_path: Path) -> None:
    asked = Asked(open_training_store(tmp_path))
    lid = Lid("4711@lid")

    def undone(rows: Rows) -> None:
        rows.identities.connect(ANA, lid, NOW)
        assert rows.identities.same(ANA, lid)
        raise ContractViolationError("undone")

    with pytest.raises(ContractViolationError):
        asked.transact(undone)
    assert not asked.transact(lambda rows: rows.identities.same(ANA, lid))
    asked.transact(lambda rows: rows.identities.connect(ANA, lid, NOW))
    assert asked.transact(lambda rows: rows.identities.same(ANA, lid))
    assert asked.read(lambda rows: rows.identities.same(ANA, lid))
    asyncio.run(asked.store.close())

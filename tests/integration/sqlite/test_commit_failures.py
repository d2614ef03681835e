"""Whatever fails around a shared commit, everybody who waits is answered, and the next commit works (Z2)."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.adapters.sqlite import SqliteStore
from app.adapters.sqlite.group_commit import run_together
from app.ports.store import Rows
from tests.harness.opened_store import open_training_store

pytestmark = pytest.mark.requirement("Z2")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = open_training_store(tmp_path)
    yield opened
    asyncio.run(opened.close())


def note(name: str) -> Any:
    return lambda rows: rows.settings.set(name, "kept")


async def answered(store: SqliteStore, *works: Any) -> list[Any]:
    """What becomes of units of work that are asked for at once."""
    async with asyncio.timeout(10):
        return await asyncio.gather(*map(store.transact, works), return_exceptions=True)


def kept(store: SqliteStore, *names: str) -> list[str | None]:
    return asyncio.run(store.read(lambda rows: [rows.settings.get(name) for name in names]))


def test_connection_thread_answers_all_when_the_commit_fails_unforeseen(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = [MemoryError()]

    def failing(connection: Any, asked: Any) -> Any:
        done = run_together(connection, asked)
        if failures:
            raise failures.pop()
        return done

    monkeypatch.setattr("app.adapters.sqlite.connection_thread.run_together", failing)
    first = asyncio.run(answered(store, *map(note, "abcde")))
    assert {type(each) for each in first} <= {MemoryError, type(None)}
    assert MemoryError in {type(each) for each in first}
    assert asyncio.run(answered(store, note("f"))) == [None]
    assert kept(store, "f") == ["kept"]
    assert [record.message for record in caplog.records] == ["commit_failed"]


def test_connection_thread_answers_the_rest_when_one_raises_stop_iteration(store: SqliteStore) -> None:
    def exhausted(rows: Rows) -> object:
        return next(iter(rows.orders.latest(1)))

    first, second, third = asyncio.run(answered(store, note("a"), exhausted, note("b")))
    assert (first, type(second), third) == (None, RuntimeError, None)
    assert kept(store, "a", "b") == ["kept", "kept"]


def test_connection_thread_commits_again_when_a_transaction_was_left_open(store: SqliteStore) -> None:
    """As where the disk failed in the middle of a rollback."""
    thread = store._writer
    driver: Any = thread.connection.connection.driver_connection
    thread._executor.submit(driver.execute, "BEGIN IMMEDIATE").result()
    assert asyncio.run(answered(store, note("a"))) == [None]
    thread._executor.submit(thread.connection.begin).result()
    assert asyncio.run(answered(store, note("b"))) == [None]
    assert kept(store, "a", "b") == ["kept", "kept"]

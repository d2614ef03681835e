"""Damage inside the file is found while the shop is open, told, and refuses the next start as long as it is there."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.adapters.sqlite import DatabaseKind, integrity, open_database
from app.domain.errors import DatabaseUnreadableError
from app.domain.events import Event, ProblemReported
from app.ports.store import Rows
from app.services.event_bus import EventBus
from app.services.storage.integrity_check import IntegrityCheck
from tests.contracts.asked_store import owed
from tests.harness.opened_store import open_training_store
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("Z4", "Z6")

PAGE = 4096


def _fill(rows: Rows) -> None:
    for number in range(200):
        rows.notifications.add(owed(f"o{number}"))


def _made(folder: Path) -> Path:
    store = open_training_store(folder)
    asyncio.run(store.transact(_fill))
    asyncio.run(store.close())
    return folder / "coco.db"


def _damage(path: Path) -> None:
    """Damage a page behind those that a start reads."""
    whole = path.read_bytes()
    middle = len(whole) // PAGE // 2 * PAGE
    path.write_bytes(whole[:middle] + b"\xff" * PAGE + whole[middle + PAGE :])


def _checked(folder: Path) -> list[Event]:
    """What one look at the file tells."""

    async def look() -> list[Event]:
        store, bus, told = open_training_store(folder), EventBus(), list[Event]()
        bus.subscribe(Event, told.append)
        await IntegrityCheck(store, bus, MovedClock()).check()
        await store.close()
        return told

    return asyncio.run(look())


def test_start_reads_no_page_of_the_history(tmp_path: Path) -> None:
    path = _made(tmp_path)
    _damage(path)
    assert not open_database(path, DatabaseKind.TRAINING).is_new
    with pytest.raises(DatabaseUnreadableError):
        open_database(path, DatabaseKind.TRAINING, thorough=True)


def test_damage_is_told_and_refuses_the_next_start_until_it_is_mended(tmp_path: Path) -> None:
    path = _made(tmp_path)
    assert _checked(tmp_path) == []
    _damage(path)
    assert _checked(tmp_path) == [ProblemReported("database_unreadable")]
    with pytest.raises(DatabaseUnreadableError) as refused:
        open_database(path, DatabaseKind.TRAINING)
    assert refused.value.facts["reason"] == "corrupt"


def test_note_of_damage_is_taken_back_by_a_sound_check(tmp_path: Path) -> None:
    _made(tmp_path)
    store = open_training_store(tmp_path)
    asyncio.run(store.transact(lambda rows: rows.settings.set("database_found_damaged", "yes")))
    asyncio.run(store.close())
    assert _checked(tmp_path) == []
    store = open_training_store(tmp_path)
    assert asyncio.run(store.read(lambda rows: rows.settings.get("database_found_damaged"))) == ""
    asyncio.run(store.close())


def test_check_ends_at_once_when_it_is_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _made(tmp_path)
    begun = threading.Event()

    def check_without_end(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)

        def first() -> int:
            begun.set()
            return 1

        # Called by the statement itself: an interruption before it began would not end it.
        driver.create_function("first", 0, first)
        connection.exec_driver_sql(
            "WITH RECURSIVE row(x) AS (SELECT first() UNION ALL SELECT x + 1 FROM row) SELECT count(*) FROM row"
        )

    monkeypatch.setattr(integrity, "check_integrity", check_without_end)

    async def story() -> None:
        store = open_training_store(tmp_path)
        checking = asyncio.ensure_future(store.check())  # noqa: TID251 - to be cancelled
        assert await asyncio.to_thread(begun.wait, 20)
        checking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await checking
        await store.close()

    # The loop ends with its threads: a check that went on would keep it until the test's time is over.
    asyncio.run(story())

"""A database that is deleted, replaced or moved under the running program is noticed before anything is called kept."""

import asyncio
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from sqlite3 import connect

import pytest

from app.adapters.sqlite import SqliteStore
from app.adapters.sqlite.file_guard import FileGuard
from app.domain.errors import DatabaseUnreadableError
from app.ports.store import Rows
from tests.contracts.asked_store import owed
from tests.harness.opened_store import open_training_store

pytestmark = [
    pytest.mark.requirement("Z6"),
    pytest.mark.skipif(os.name != "posix", reason="Windows lets nobody move a file that is open"),
]

_orders = count()
NAME, WAL = "coco.db", "coco.db-wal"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "loja"


@pytest.fixture
def store(folder: Path) -> SqliteStore:
    opened = open_training_store(folder)
    asyncio.run(opened.transact(_add))
    return opened


@pytest.fixture
def other(tmp_path: Path, store: SqliteStore) -> Path:
    """A whole copy of the database, as a backup holds it; one more order is in the log since."""
    copy = tmp_path / "copy.db"
    asyncio.run(store.shed_log())
    shutil.copyfile(tmp_path / "loja" / NAME, copy)
    asyncio.run(store.transact(_add))
    return copy


def _add(rows: Rows) -> None:
    """One more, for another order each time."""
    assert rows.notifications.add(owed(f"o{next(_orders)}"))


def _reason(store: SqliteStore) -> object:
    with pytest.raises(DatabaseUnreadableError) as raised:
        asyncio.run(store.transact(_add))
    return raised.value.facts["reason"]


def _rows_in(database: Path) -> int:
    with closing(connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as found:
        assert found.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(found.execute("SELECT count(*) FROM whatsapp_notifications").fetchone()[0])


def _overwrite(folder: Path) -> None:
    content = (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(content)


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: (folder / NAME).unlink(),
        lambda folder: (folder / WAL).unlink(),
        shutil.rmtree,
        lambda folder: folder.rename(folder.with_name("elsewhere")),
        lambda folder: shutil.copyfile(folder / NAME, folder / "x").replace(folder / NAME),
        lambda folder: shutil.copyfile(folder / WAL, folder / "x").replace(folder / WAL),
        _overwrite,
    ],
    ids=[
        "deleted",
        "log_deleted",
        "folder_deleted",
        "folder_moved",
        "replaced",
        "log_replaced",
        "overwritten",
    ],
)
def test_store_refuses_to_write_when_its_files_are_not_there_any_more(
    folder: Path, store: SqliteStore, harm: Callable[[Path], object]
) -> None:
    harm(folder)
    assert _reason(store) == "moved"
    with pytest.raises(DatabaseUnreadableError):
        asyncio.run(store.shed_log())
    asyncio.run(store.close())


def test_store_tells_nobody_of_a_commit_when_the_file_went_during_it(
    folder: Path, store: SqliteStore
) -> None:
    def work(rows: Rows) -> None:
        _add(rows)
        (folder / NAME).unlink(missing_ok=True)

    async def story() -> list[object]:
        asked = [store.transact(work), store.transact(_add)]
        return list(await asyncio.gather(*asked, return_exceptions=True))

    assert [type(answer) for answer in asyncio.run(story())] == [DatabaseUnreadableError] * 2
    asyncio.run(store.close())


def test_store_writes_again_when_the_folder_is_back_in_its_place(folder: Path, store: SqliteStore) -> None:
    away = folder.rename(folder.with_name("elsewhere"))
    assert _reason(store) == "moved"
    away.rename(folder)
    asyncio.run(store.transact(_add))
    asyncio.run(store.close())
    assert _rows_in(folder / NAME) == 2


@pytest.mark.parametrize("noticed", [True, False])
@pytest.mark.parametrize("put", [shutil.move, shutil.copyfile], ids=["moved", "copied"])
def test_store_leaves_another_database_alone_when_one_took_its_place(
    folder: Path, store: SqliteStore, other: Path, put: Callable[[Path, Path], object], *, noticed: bool
) -> None:
    content = other.read_bytes()
    put(other, folder / NAME)
    if noticed:
        assert _reason(store) == "moved"
    asyncio.run(store.close())
    assert (folder / NAME).read_bytes() == content


def test_store_keeps_its_log_from_the_database_that_took_its_place(
    folder: Path, store: SqliteStore, other: Path
) -> None:
    other.replace(folder / NAME)
    assert _reason(store) == "moved"
    assert not (folder / WAL).exists()
    asyncio.run(store.close())
    with closing(connect(folder / NAME)) as found:
        assert found.execute("SELECT count(*) FROM whatsapp_notifications").fetchone() == (1,)


def test_store_puts_all_into_the_database_when_only_its_log_was_deleted(
    folder: Path, store: SqliteStore
) -> None:
    (folder / WAL).unlink()
    assert _reason(store) == "moved"
    asyncio.run(store.close())
    assert _rows_in(folder / NAME) == 1


def test_file_guard_takes_what_the_program_writes_itself(folder: Path, store: SqliteStore) -> None:
    guard = FileGuard(folder / NAME)
    asyncio.run(store.shed_log())
    assert guard.trouble(after_own_writing=True) is None
    assert guard.trouble() is None
    asyncio.run(store.close())

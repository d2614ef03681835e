"""A copy of the database is whole, private and of one moment; a copy put back never leaves a folder with neither."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.adapters.sqlite import DatabaseKind, SqliteStore
from app.adapters.sqlite.backup import back_up
from app.adapters.sqlite.opening import check_database
from app.adapters.sqlite.restoration import copy_candidate, drop_set_aside, finish, put_in_place, set_aside
from app.domain.errors import (
    BackupRefusedError,
    CocoLokoError,
    DatabaseIsTrainingError,
    DatabaseMissingError,
    DatabaseUnreadableError,
    ErasingError,
)
from app.ports.retention import ERASING
from app.ports.store import Rows
from tests.contracts.asked_store import Asked
from tests.harness.opened_store import open_training_store

TRAINING = DatabaseKind.TRAINING


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = open_training_store(tmp_path)
    yield opened
    asyncio.run(opened.close())


def noted(database: Path) -> str | None:
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT value FROM settings WHERE name = 'note'").fetchone()
        return str(found[0]) if found else None


def note(store: SqliteStore, text: str) -> None:
    Asked(store).transact(lambda rows: rows.settings.set("note", text))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_backup_of_a_database_in_use_has_every_commit_in_one_private_file(
    tmp_path: Path, store: SqliteStore
) -> None:
    note(store, "committed")
    target = tmp_path / "copies" / "one.db"
    target.parent.mkdir()
    back_up(tmp_path / "coco.db", TRAINING, target)
    note(store, "later")
    assert noted(target) == "committed"
    assert names(target.parent) == {"one.db"}
    check_database(target, TRAINING)
    if os.name == "posix":
        assert target.stat().st_mode & 0o777 == 0o600


def test_backup_is_of_one_moment_and_delays_no_writer_while_it_runs(
    tmp_path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    filler = {str(number): "x" * 30_000 for number in range(100)}

    def fill(rows: Rows) -> None:
        for name, text in filler.items():
            rows.settings.set(name, text)

    Asked(store).transact(fill)
    note(store, "before")
    steps: list[int] = []
    copied = sqlite3.connect

    class Watched(sqlite3.Connection):
        def backup(self, target: sqlite3.Connection, *, pages: int) -> None:  # type: ignore[override]
            def between(_status: int, remaining: int, _total: int) -> None:
                steps.append(remaining)
                note(store, f"while {remaining}")

            super().backup(target, pages=pages, progress=between)

    monkeypatch.setattr(
        "app.adapters.sqlite.backup.sqlite3.connect",
        lambda *given, **more: copied(*given, **{**more, "factory": Watched}),
    )
    back_up(tmp_path / "coco.db", TRAINING, tmp_path / "copy.db")
    monkeypatch.undo()
    assert len(steps) >= 3
    assert steps == sorted(steps, reverse=True)
    assert noted(tmp_path / "copy.db") == "before"
    assert noted(tmp_path / "coco.db") == "while 0"


def _erase(store: SqliteStore, _: Path) -> None:
    Asked(store).transact(lambda rows: rows.settings.set(ERASING, "yes"))


def _take(_: SqliteStore, target: Path) -> None:
    target.write_text("mine")


def _no_folder(_: SqliteStore, target: Path) -> None:
    target.parent.rmdir()


@pytest.mark.parametrize(
    ("prepare", "refusal", "reason"),
    [
        (_erase, ErasingError, None),
        (_take, BackupRefusedError, "exists"),
        (_no_folder, BackupRefusedError, "not_writable"),
    ],
)
def test_what_keeps_a_copy_from_being_made_leaves_no_file(
    tmp_path: Path,
    store: SqliteStore,
    prepare: Callable[[SqliteStore, Path], None],
    refusal: type[CocoLokoError],
    reason: str | None,
) -> None:
    target = tmp_path / "copies" / "one.db"
    target.parent.mkdir()
    prepare(store, target)
    with pytest.raises(refusal) as refused:
        back_up(tmp_path / "coco.db", TRAINING, target)
    assert refused.value.facts.get("reason") == reason
    left = names(target.parent) if target.parent.exists() else set()
    assert left == ({"one.db"} if prepare is _take else set())
    assert prepare is not _take or target.read_text() == "mine"


@pytest.mark.usefixtures("store")
def test_only_a_database_of_ours_and_of_that_kind_is_copied(tmp_path: Path) -> None:
    with pytest.raises(DatabaseIsTrainingError):
        back_up(tmp_path / "coco.db", DatabaseKind.REAL, tmp_path / "copy.db")
    with pytest.raises(DatabaseMissingError):
        back_up(tmp_path / "none.db", TRAINING, tmp_path / "copy.db")
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE settings (name, value)")
    with pytest.raises(DatabaseUnreadableError):
        back_up(foreign, TRAINING, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def folder_with(folder: Path, former: str = "former", copy: str = "copy") -> tuple[Path, Path]:
    """A database with a write-ahead log, and the candidate that is to replace it."""
    database = folder / "d.db"
    for path, content in ((database, former), (folder / "d.db-wal", "log of " + former)):
        path.write_text(content)
    (folder / "backup").write_text(copy)
    return database, copy_candidate(folder / "backup", database)


def test_the_former_database_is_kept_with_its_log_until_it_is_dropped(tmp_path: Path) -> None:
    database, candidate = folder_with(tmp_path)
    put_in_place(candidate, database)
    assert database.read_text() == "copy"
    assert set_aside(database).read_text() == "former"
    assert names(tmp_path) == {"backup", "d.db", "d.db.replaced", "d.db.replaced-wal"}
    drop_set_aside(database)
    assert names(tmp_path) == {"backup", "d.db"}


def test_restore_keeps_the_really_used_database_aside_when_repeated(tmp_path: Path) -> None:
    database, candidate = folder_with(tmp_path)
    put_in_place(candidate, database)
    (tmp_path / "backup").write_text("second copy")
    put_in_place(copy_candidate(tmp_path / "backup", database), database)
    assert (database.read_text(), set_aside(database).read_text()) == ("second copy", "former")


class Killed(BaseException):
    """What no `except` of the program catches."""


@pytest.mark.parametrize("step", range(4))
def test_a_crash_between_any_two_steps_is_made_good_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    database, candidate = folder_with(tmp_path)
    done: list[Path] = []
    replace = Path.replace

    def dying(self: Path, target: Path) -> Path:
        if len(done) == step:
            raise Killed
        done.append(target)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", dying)
    with pytest.raises(Killed):
        put_in_place(candidate, database)
    monkeypatch.undo()
    finish(database)
    if step == 0:
        assert (database.read_text(), set_aside(database).exists()) == ("former", False)
        return
    assert (database.read_text(), set_aside(database).read_text()) == ("copy", "former")
    assert set_aside(database).with_name("d.db.replaced-wal").read_text() == "log of former"
    assert not (tmp_path / "d.db-wal").exists()


def test_database_set_aside_after_a_crash_comes_back_with_its_log(tmp_path: Path, store: SqliteStore) -> None:
    note(store, "in the log alone")
    crashed = tmp_path / "crashed.db"
    for ending in ("", "-wal"):
        shutil.copy(tmp_path / f"coco.db{ending}", tmp_path / f"crashed.db{ending}")
    candidate = copy_candidate(crashed, tmp_path / "new.db")
    assert noted(candidate) == "in the log alone"
    assert (tmp_path / "crashed.db-wal").exists()


def test_a_backup_that_is_missing_or_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupRefusedError) as missing:
        copy_candidate(tmp_path / "none", tmp_path / "d.db")
    with pytest.raises(BackupRefusedError) as folder:
        copy_candidate(tmp_path, tmp_path / "d.db")
    assert [each.value.facts["reason"] for each in (missing, folder)] == ["missing", "unreadable"]

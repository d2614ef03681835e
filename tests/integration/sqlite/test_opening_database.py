"""A database is opened only when it is ours, whole, of the right kind and not newer than the program."""

import asyncio
import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.adapters.sqlite import DatabaseKind, SqliteStore, open_database
from app.adapters.vault import DeviceKeySettings, device_key_source, unlock, with_new_phrase
from app.domain.errors import (
    DatabaseHeldError,
    DatabaseIsRealError,
    DatabaseIsTrainingError,
    DatabaseNewerError,
    DatabaseUnreadableError,
    DiskFullError,
    KeyMissingError,
    WrongKeyError,
)
from app.domain.phone import Phone
from tests.contracts.asked_store import owed
from tests.harness.opened_store import open_training_store, training_vault
from tests.simulators.moved_clock import MovedClock
from tests.simulators.seeded_entropy import SeededEntropy

OTHER_KIND = {DatabaseKind.REAL: DatabaseKind.TRAINING, DatabaseKind.TRAINING: DatabaseKind.REAL}


def _make(folder: Path, kind: DatabaseKind = DatabaseKind.TRAINING) -> Path:
    """A database with one notification in it, closed again."""
    path = folder / "coco.db"
    made = training_vault(folder)
    store = open_database(path, kind).store(made.vault, made.wraps, made.place, MovedClock(), SeededEntropy())
    asyncio.run(store.transact(lambda rows: rows.notifications.add(owed())))
    asyncio.run(store.close())
    return path


def _unreadable(path: Path) -> object:
    with pytest.raises(DatabaseUnreadableError) as raised:
        open_database(path, DatabaseKind.TRAINING)
    return raised.value.facts["reason"]


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_what_was_written_is_there_after_the_next_start(tmp_path: Path) -> None:
    path = _make(tmp_path)
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith("coco")] == [path.name]
    store = open_training_store(tmp_path)
    kept = asyncio.run(store.read(lambda rows: rows.notifications.get(owed().id)))
    asyncio.run(store.close())
    assert kept is not None
    assert kept.text == owed().text


def test_a_folder_name_may_hold_any_sign(tmp_path: Path) -> None:
    folder = tmp_path / "Açaí 100% #1 ?mode=x&y"
    assert _make(folder).is_file()
    assert not open_database(folder / "coco.db", DatabaseKind.TRAINING).is_new


def test_a_relative_path_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_database(Path("here") / "coco.db", DatabaseKind.TRAINING).is_new


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_folder_and_files_are_their_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "coco"
    store = open_training_store(folder)
    files = list(folder.glob("coco.db*"))
    assert len(files) == 3
    assert {_mode(file) for file in files} == {0o600}
    assert _mode(folder) == 0o700
    asyncio.run(store.close())


@pytest.mark.parametrize("kind", DatabaseKind)
def test_a_database_keeps_its_kind_for_good(tmp_path: Path, kind: DatabaseKind) -> None:
    path = _make(tmp_path, kind)
    assert not open_database(path, kind).is_new
    refused = DatabaseIsRealError if kind is DatabaseKind.REAL else DatabaseIsTrainingError
    with pytest.raises(refused):
        open_database(path, OTHER_KIND[kind])
    assert not open_database(path, kind).is_new


def test_the_wrong_key_opens_nothing_and_harms_nothing(tmp_path: Path) -> None:
    path = _make(tmp_path)
    opened = open_database(path, DatabaseKind.TRAINING)
    chance = SeededEntropy(9)
    right = device_key_source(DeviceKeySettings(tmp_path, training=True), chance)
    wrong = device_key_source(DeviceKeySettings(tmp_path, training=False, master_key="00" * 32), chance)
    with pytest.raises(WrongKeyError):
        unlock(opened.wraps, wrong, opened.key_place, chance)
    (tmp_path / "training.key").rename(tmp_path / "away")
    with pytest.raises(KeyMissingError):
        unlock(opened.wraps, right, opened.key_place, chance)
    (tmp_path / "away").rename(tmp_path / "training.key")
    assert unlock(opened.wraps, right, opened.key_place, chance).place == "training_file"


def test_rows_sealed_by_another_vault_are_not_read(tmp_path: Path) -> None:
    path = _make(tmp_path)
    stranger = training_vault(tmp_path / "elsewhere", SeededEntropy(10))
    store = SqliteStore(path, stranger.vault, MovedClock(), SeededEntropy(10))
    row = asyncio.run(store.read(lambda rows: rows.notifications.get(owed().id)))
    assert row is not None
    assert (row.text, row.phone) == ("", Phone(""))
    asyncio.run(store.close())


def test_wraps_of_a_new_phrase_are_kept_with_the_place(tmp_path: Path) -> None:
    path = _make(tmp_path)
    opened = open_database(path, DatabaseKind.TRAINING)
    chance = SeededEntropy(11)
    place = device_key_source(DeviceKeySettings(tmp_path, training=True), chance)
    unlocked = unlock(opened.wraps, place, opened.key_place, chance)
    store = opened.store(unlocked.vault, unlocked.wraps, unlocked.place, MovedClock(), chance)
    _, changed = with_new_phrase(unlocked, chance)
    asyncio.run(store.keep_wraps(changed.wraps, "somewhere"))
    asyncio.run(store.close())
    again = open_database(path, DatabaseKind.TRAINING)
    assert set(again.wraps) == set(changed.wraps)
    assert again.key_place == "somewhere"


def test_a_place_that_changed_is_remembered_at_the_next_opening(tmp_path: Path) -> None:
    opened = open_database(_make(tmp_path), DatabaseKind.TRAINING)
    vault = training_vault(tmp_path).vault
    asyncio.run(opened.store(vault, opened.wraps, "environment", MovedClock(), SeededEntropy()).close())
    again = open_database(opened.path, DatabaseKind.TRAINING)
    assert (again.key_place, again.wraps) == ("environment", opened.wraps)


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    path = _make(tmp_path)
    with closing(sqlite3.connect(path)) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewerError):
        open_database(path, DatabaseKind.TRAINING)


@pytest.mark.parametrize("content", [b"x", b"not a database\n" * 500, b"SQLite format 3\0" + b"\1" * 5000])
def test_what_is_no_database_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "coco.db"
    path.write_bytes(content)
    assert _unreadable(path) in ("not_a_database", "corrupt")
    assert path.read_bytes() == content


def test_a_damaged_database_is_not_opened(tmp_path: Path) -> None:
    path = _make(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * 8192 + whole[12288:])
    assert _unreadable(path) == "corrupt"
    path.write_bytes(whole[:8192])
    assert _unreadable(path) == "corrupt"


def test_a_database_that_breaks_its_own_rules_is_not_opened(tmp_path: Path) -> None:
    path = _make(tmp_path)
    with closing(sqlite3.connect(path)) as tampered, tampered:
        tampered.execute("PRAGMA ignore_check_constraints=ON")
        tampered.execute("UPDATE database SET kind = 'neither'")
    assert _unreadable(path) == "corrupt"
    for table in ("database", "alembic_version"):
        with closing(sqlite3.connect(path)) as tampered, tampered:
            tampered.execute(f"DELETE FROM {table}")  # noqa: S608 - one of two constants
        assert _unreadable(path) == "corrupt"


@pytest.mark.requirement("Z1")
def test_a_database_whose_table_lost_a_column_is_not_opened(tmp_path: Path) -> None:
    path = _make(tmp_path)
    with closing(sqlite3.connect(path)) as tampered, tampered:
        tampered.execute("ALTER TABLE notification_templates RENAME COLUMN content TO contemt")
    opened, chance = open_database(path, DatabaseKind.TRAINING), SeededEntropy()
    vault = training_vault(tmp_path).vault
    with pytest.raises(DatabaseUnreadableError):
        opened.store(vault, opened.wraps, opened.key_place or "", MovedClock(), chance)


def test_another_programs_database_is_not_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "coco.db"
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    assert _unreadable(path) == "foreign"


def test_opening_refuses_in_words_of_its_own_when_the_file_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.adapters.sqlite.engine._PRAGMAS", ("PRAGMA busy_timeout=1",))
    path = _make(tmp_path)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseHeldError):
            open_database(path, DatabaseKind.TRAINING)
        other.rollback()


def test_a_path_that_cannot_be_a_file_is_said_so(tmp_path: Path) -> None:
    assert _unreadable(tmp_path) == "cannot_open"


def test_no_space_for_the_file_is_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(DiskFullError):
        open_database(tmp_path / "coco.db", DatabaseKind.TRAINING)

"""Opening of the database file: checks its owner, its kind and its schema revision."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Generic, TypeVar

from sqlalchemy import Connection, insert, inspect, select
from sqlalchemy.exc import OperationalError

from app.adapters.sqlite.atomic_files import with_neighbours
from app.adapters.sqlite.engine import reading_engine, writing_engine
from app.adapters.sqlite.failures import file_trouble_translated, needed_to_start
from app.adapters.sqlite.integrity import check_integrity, was_found_damaged
from app.adapters.sqlite.key_rows import keep_wraps, kept_place, kept_wraps
from app.adapters.sqlite.plain_tables import database
from app.adapters.sqlite.revision import is_newest
from app.adapters.sqlite.setting_rows import SqlSettingRows
from app.adapters.sqlite.store import SqliteStore
from app.adapters.sqlite.unreadable_cells import UnreadableCells
from app.domain.errors import (
    DatabaseIsRealError,
    DatabaseIsTrainingError,
    DatabaseMissingError,
    DatabaseUnreadableError,
)
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.store import SettingRows
from app.ports.vault import Vault, WrappedKey

T = TypeVar("T")

# "Coco" in ASCII: SQLite keeps it in the file's header, so another program's database is never taken for ours.
_OURS: Final = 0x436F636F

# SQLite's smallest page; it would take a shorter file for an empty one and write over it.
_SMALLEST: Final = 512


class DatabaseKind(StrEnum):
    """Kind of a database, fixed when it is made: a training never becomes real, nor the reverse (D1)."""

    REAL = "real"
    TRAINING = "training"


@dataclass(frozen=True, slots=True)
class OpenedDatabase:
    """Database with its vault still closed; a new one has no wrapped keys and no key place yet."""

    path: Path
    kind: DatabaseKind
    wraps: tuple[WrappedKey, ...] = ()
    key_place: str | None = None
    is_new: bool = False

    def store(
        self, vault: Vault, wraps: Sequence[WrappedKey], place: str, clock: Clock, entropy: Entropy
    ) -> SqliteStore:
        """Return the store, with these wrapped keys and this key place saved; a new database is made atomically."""
        if self.is_new or tuple(wraps) != self.wraps or place != self.key_place:
            with needed_to_start(), writing_engine(self.path).begin() as connection:
                if self.is_new:
                    _make(connection, self.kind, clock)
                keep_wraps(connection, wraps, place)
        with needed_to_start():
            return SqliteStore(self.path, vault, clock, entropy)

    def keep_setting(self, name: str, value: str) -> None:
        """Store a setting while the vault is closed: settings are not sealed."""
        with needed_to_start(), writing_engine(self.path).begin() as connection:
            SqlSettingRows(connection, UnreadableCells()).set(name, value)


@dataclass(frozen=True, slots=True)
class ClosedDatabase(Generic[T]):
    """Wrapped keys of a database that stays closed, and the result of reading its settings."""

    wraps: tuple[WrappedKey, ...]
    result: T


def open_database(path: Path, kind: DatabaseKind, *, thorough: bool = False) -> OpenedDatabase:
    """Create the file if it is missing, migrate older tables, read the vault's needs.

    Every page is checked only if it is to be `thorough`, before a migration, and where damage was found while the
    shop was open: a shop does not wait for that at each start (Z4). Raises DatabaseUnreadableError,
    DatabaseHeldError, DatabaseNewerError, DatabaseIsRealError, DatabaseIsTrainingError, DiskFullError.
    """
    with file_trouble_translated():
        _keep_to_ourselves(path)
    with needed_to_start(), writing_engine(path).begin() as connection:
        if _is_empty(connection):
            return OpenedDatabase(path, kind, is_new=True)
        newest = is_newest(connection)
        if not newest:
            _check_revision(connection)
        _check_kind(connection, kind)
        if thorough or not newest or was_found_damaged(connection):
            check_integrity(connection)
        if not newest:
            _migrate(connection)
        cells = UnreadableCells()
        return OpenedDatabase(path, kind, kept_wraps(connection, cells), kept_place(connection, cells))


def has_tables(path: Path) -> bool:
    """Return whether the file has tables, without changing it; raises DatabaseUnreadableError."""
    with needed_to_start(), reading_engine(path).begin() as connection:
        return not _is_empty(connection)


def read_closed(path: Path, kind: DatabaseKind, work: Callable[[SettingRows], T]) -> ClosedDatabase[T]:
    """Read settings and wrapped keys without changing the file, of an older or newer schema too.

    Raises the errors of `open_database`, and DatabaseMissingError for an empty file.
    """
    cells = UnreadableCells()
    try:
        with needed_to_start(), reading_engine(path).begin() as connection:
            if _is_empty(connection):
                raise DatabaseMissingError
            _check_kind(connection, kind)
            return ClosedDatabase(kept_wraps(connection, cells), work(SqlSettingRows(connection, cells)))
    except OperationalError as error:
        # A table or column that every schema has is missing.
        raise DatabaseUnreadableError(reason="corrupt") from error


def check_database(path: Path, kind: DatabaseKind) -> None:
    """Raise the errors of `open_database` without changing the file."""
    with needed_to_start(), reading_engine(path).begin() as connection:
        if _is_empty(connection):
            raise DatabaseMissingError
        if not is_newest(connection):
            _check_revision(connection)
        _check_kind(connection, kind)
        check_integrity(connection)


def _keep_to_ourselves(path: Path) -> None:
    """Make the file and those beside it readable by their owner alone; SQLite gives new ones the same mode.

    An existing folder keeps its mode, for other users may have a reason to read it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for part in with_neighbours(path):
        # A backup that ends takes its own ones away.
        with suppress(FileNotFoundError):
            part.chmod(0o600)
    if 0 < path.stat().st_size < _SMALLEST:
        raise DatabaseUnreadableError(reason="not_a_database")


def _is_empty(connection: Connection) -> bool:
    """Return whether the file holds no tables yet; raise DatabaseUnreadableError for a damaged or foreign one."""
    mark = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    names = inspect(connection).get_table_names()
    if not names and mark == 0:
        return True
    if mark != _OURS:
        raise DatabaseUnreadableError(reason="foreign")
    return False


def _check_kind(connection: Connection, kind: DatabaseKind) -> None:
    kept = connection.execute(select(database.c.kind)).scalar_one_or_none()
    if kept not in set(DatabaseKind):
        raise DatabaseUnreadableError(reason="corrupt")
    if kept != kind:
        raise DatabaseIsRealError if kept == DatabaseKind.REAL else DatabaseIsTrainingError


def _make(connection: Connection, kind: DatabaseKind, clock: Clock) -> None:
    _migrate(connection)
    connection.execute(insert(database).values(id=1, kind=kind.value, created_at=clock.now()))
    connection.exec_driver_sql(f"PRAGMA application_id={_OURS}")


def _check_revision(connection: Connection) -> None:
    from app.adapters.sqlite.migrating import check_revision  # noqa: PLC0415 - a third of a second, seldom needed

    check_revision(connection)


def _migrate(connection: Connection) -> None:
    from app.adapters.sqlite.migrating import migrate  # noqa: PLC0415 - a third of a second, seldom needed

    migrate(connection)

"""Online backup of a database that may be in use."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from app.adapters.sqlite.atomic_files import written_whole
from app.adapters.sqlite.engine import BUSY_MS
from app.adapters.sqlite.failures import needed_to_start
from app.adapters.sqlite.opening import DatabaseKind, check_database
from app.domain.errors import DatabaseMissingError, ErasingError
from app.ports.retention import ERASING

# Pages of 4 KiB; between two steps other work may have the disk.
_PAGES_AT_ONCE: Final = 256


def back_up(database: Path, kind: DatabaseKind, target: Path) -> None:
    """Write a checked snapshot of the database to one file, atomically.

    Cells stay sealed as in the columns, so no key is needed. A connection of its own reads as of one moment:
    concurrent writers neither wait nor disturb. Raises DatabaseMissingError, ErasingError, BackupRefusedError, and
    the errors of opening the database.
    """
    if not database.exists():
        raise DatabaseMissingError
    check_database(database, kind)
    with written_whole(target) as unfinished, needed_to_start():
        _copy(database, unfinished)
        check_database(unfinished, kind)


def _copy(database: Path, target: Path) -> None:
    uri = database.absolute().as_uri() + "?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as source:
        source.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        # SQLite restarts a backup after each write of another connection; an open transaction prevents it.
        source.execute("BEGIN")
        erasing = source.execute("SELECT value FROM settings WHERE name = ?", (ERASING,)).fetchone()
        if erasing and erasing[0]:
            raise ErasingError
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            source.backup(copy, pages=_PAGES_AT_ONCE)
            # In WAL mode even a reader of the copy would leave other files beside it.
            copy.execute("PRAGMA journal_mode=DELETE").fetchall()

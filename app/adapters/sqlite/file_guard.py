"""Guard of the database's files: detects one that was moved, replaced or overwritten (Z6)."""

import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.adapters.sqlite.atomic_files import with_neighbours
from app.domain.errors import DatabaseUnreadableError

_log = logging.getLogger(__name__)

# Windows updates a file's times late, and lets no other program write over an open file.
_TIMES_COUNT: Final = os.name == "posix"


class FileGuard:
    """Identity of the database and its log as they were when opened: device, number, time and size.

    It uses `stat` and never opens them: closing a file gives up the locks that SQLite holds on it in the same
    process.
    """

    def __init__(self, database: Path) -> None:
        # Text, because a path object takes longer than the system call.
        self._wal, _, self._database = map(str, with_neighbours(database))
        self._known, self._known_wal = _stat(self._database), _stat(self._wal)

    def trouble(self, *, after_own_writing: bool = False) -> DatabaseUnreadableError | None:
        """Return the reason not to write, or not to confirm a commit: a file is gone, replaced or overwritten."""
        now, wal = _stat(self._database), _stat(self._wal)
        same_files = _place(now) == _place(self._known) and _place(wal) == _place(self._known_wal)
        if same_files and (after_own_writing or _content(now) == _content(self._known)):
            self._known = now
            return None
        _log.error("database_moved", extra={"there": now is not None, "same": same_files})
        if now is not None and _place(now) != _place(self._known):
            self._set_wal_aside(wal)
        return DatabaseUnreadableError(reason="moved")

    @property
    def database_lost(self) -> bool:
        """Return whether the path leads to another database, or to ours changed by another program."""
        now = _stat(self._database)
        return (_place(now), _content(now)) != (_place(self._known), _content(self._known))

    def _set_wal_aside(self, wal: os.stat_result | None) -> None:
        """Rename our log: SQLite would replay our last pages into the database that replaced ours."""
        if wal is not None and _place(wal) == _place(self._known_wal):
            with suppress(OSError):
                Path(self._wal).replace(f"{self._wal}.alone")


def _stat(file: str) -> os.stat_result | None:
    try:
        return os.stat(file)  # noqa: PTH116 - before and after every commit
    except OSError:
        return None


def _place(found: os.stat_result | None) -> tuple[int, int] | None:
    return (found.st_dev, found.st_ino) if found else None


def _content(found: os.stat_result | None) -> tuple[int, int] | None:
    return (found.st_mtime_ns, found.st_size) if found and _TIMES_COUNT else None

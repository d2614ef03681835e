"""Atomic writing of files as large as a database, readable by their owner alone (mode 0600)."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.domain.errors import BackupRefusedError, DiskFullError

_NEIGHBOURS: Final = ("-wal", "-shm")


def with_neighbours(database: Path) -> tuple[Path, ...]:
    """Return SQLite's files beside the database, the write-ahead log first, and the database itself last."""
    return (*(database.with_name(database.name + ending) for ending in _NEIGHBOURS), database)


def remove(database: Path) -> None:
    """Delete the database with the files that SQLite keeps beside it."""
    for part in with_neighbours(database):
        part.unlink(missing_ok=True)


@contextmanager
def refusing(reason: str) -> Iterator[None]:
    """Translate a file system's refusal to BackupRefusedError with this reason; a full disk to DiskFullError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError from error
        raise BackupRefusedError(reason=reason) from error


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Yield an empty file that atomically becomes `target` when the block succeeds.

    It is flushed before the rename, the folder after it. Raises BackupRefusedError.
    """
    if target.exists():
        raise BackupRefusedError(reason="exists")
    unfinished = target.with_name(target.name + ".part")
    with refusing("not_writable"):
        remove(unfinished)
        os.close(_new(unfinished))
    try:
        yield unfinished
        with refusing("not_writable"):
            _flush(unfinished)
            unfinished.replace(target)
            flush_folder(target.parent)
    finally:
        remove(unfinished)


def copy_file(source: Path, target: Path) -> None:
    """Copy the file and flush it to disk; `target` must not exist."""
    with source.open("rb") as reader, os.fdopen(_new(target), "wb") as writer:
        shutil.copyfileobj(reader, writer)
    _flush(target)


def flush_folder(folder: Path) -> None:
    """Flush a folder's entries after a rename.

    Windows has no such call; there the file system journals the rename.
    """
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _new(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _flush(path: Path) -> None:
    with path.open("rb+") as written:
        os.fsync(written.fileno())

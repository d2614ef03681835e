"""Writes files of a database's size that are their owner's alone, each whole or not at all."""

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
    """The files that SQLite keeps beside a database, and last the database itself."""
    return (*(database.with_name(database.name + ending) for ending in _NEIGHBOURS), database)


def remove(database: Path) -> None:
    for part in with_neighbours(database):
        part.unlink(missing_ok=True)


@contextmanager
def refusing(reason: str) -> Iterator[None]:
    """Raise BackupRefusedError with this reason for what the file system does not let us do, or DiskFullError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError from error
        raise BackupRefusedError(reason=reason) from error


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """An empty file to write into, which becomes `target` when all went well; raises BackupRefusedError."""
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
    """On disk when this returns; `target` must not exist."""
    with source.open("rb") as reader, os.fdopen(_new(target), "wb") as writer:
        shutil.copyfileobj(reader, writer)
    _flush(target)


def flush_folder(folder: Path) -> None:
    """Windows has no such thing; there the rename is journalled by the file system."""
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

"""Translation of SQLite's and the file system's errors into the product's errors."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from app.domain.errors import (
    CocoLokoError,
    DatabaseBusyError,
    DatabaseHeldError,
    DatabaseUnreadableError,
    DiskFullError,
)

_BUSY = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"})
_UNREADABLE = {
    "SQLITE_NOTADB": "not_a_database",
    "SQLITE_CORRUPT": "corrupt",
    "SQLITE_FORMAT": "corrupt",
    "SQLITE_CANTOPEN": "cannot_open",
    "SQLITE_PERM": "permissions",
    "SQLITE_AUTH": "permissions",
    "SQLITE_READONLY": "permissions",
    "SQLITE_IOERR": "disk",
}
# Errors that only a disk without working locks or shared memory gives.
_NO_LOCKS = frozenset(
    f"SQLITE_IOERR_{what}"
    for what in ("LOCK", "UNLOCK", "RDLOCK", "CHECKRESERVEDLOCK", "SHMOPEN", "SHMLOCK", "SHMMAP")
)

_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def translated() -> Iterator[None]:
    """Raise the product's error in place of the driver's; one without a translation, our own mistake, passes."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise meaning from error


@contextmanager
def needed_to_start() -> Iterator[None]:
    """Translate errors while the database is opened, where a busy one becomes DatabaseHeldError.

    Opening cannot be postponed: the program ends with that error's sentence.
    """
    try:
        with translated():
            yield
    except DatabaseBusyError as error:
        raise DatabaseHeldError from error


@contextmanager
def file_trouble_translated() -> Iterator[None]:
    """Translate the file system's errors to DiskFullError or DatabaseUnreadableError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError from error
        reason = "permissions" if error.errno in _FORBIDDEN else "cannot_open"
        raise DatabaseUnreadableError(reason=reason) from error


def _meaning(error: DBAPIError | sqlite3.Error) -> CocoLokoError | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    name: str | None = getattr(cause, "sqlite_errorname", None)
    if name is None:
        return None
    # Extended names such as SQLITE_IOERR_READ begin with the primary one.
    primary = "_".join(name.split("_")[:2])
    if primary == "SQLITE_FULL":
        return DiskFullError()
    if name in _NO_LOCKS:
        return DatabaseUnreadableError(reason="no_locks")
    if primary in _BUSY:
        return DatabaseBusyError()
    reason = _UNREADABLE.get(primary)
    return DatabaseUnreadableError(reason=reason) if reason else None

"""Single instance per data folder: a lock that the system releases when its holder dies."""

import errno
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Final

from filelock import FileLock, Timeout

from app.domain.errors import DataFolderInUseError, DataFolderRefusedError

LOCK_NAME = "in-use.lock"
OWNER_ONLY: Final = 0o600
_NO_LOCKS: Final = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL)


class SingleInstance:
    """Exclusive lock of a data folder; `with SingleInstance(folder):` encloses all use of its files."""

    def __init__(self, folder: Path) -> None:
        # A soft lock would outlive a killed process and lock the shop out of its own folder.
        self._lock = FileLock(folder / LOCK_NAME, timeout=0, mode=OWNER_ONLY, fallback_to_soft=False)

    def __enter__(self) -> "SingleInstance":
        """Acquire the lock; raises DataFolderInUseError when another process holds the folder."""
        try:
            self._lock.acquire()
        except Timeout:
            raise DataFolderInUseError from None
        except (OSError, NotImplementedError) as error:
            raise DataFolderRefusedError(reason=_reason(error)) from error
        if _locks_anybody(Path(self._lock.lock_file)):
            self._lock.release()
            raise DataFolderRefusedError(reason="no_locks")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()


def _reason(error: Exception) -> str:
    unsupported = not isinstance(error, OSError) or error.errno in _NO_LOCKS
    return "no_locks" if unsupported else "not_writable"


def _locks_anybody(file: Path) -> bool:
    """Return whether a second handle gets our lock, as on some network file systems."""
    if sys.platform == "win32":
        return False
    import fcntl  # noqa: PLC0415 - Windows has none

    handle = os.open(file, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(handle)

"""One process per data folder, told apart by a lock that the system takes back when its holder dies."""

from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from app.domain.errors import DataFolderInUseError, DataFolderRefusedError

LOCK_NAME = "in-use.lock"


class SingleInstance:
    """`with SingleInstance(folder):` around everything that opens a file in the folder."""

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / LOCK_NAME, timeout=0)

    def __enter__(self) -> "SingleInstance":
        """Raises DataFolderInUseError when another process holds the folder."""
        try:
            self._lock.acquire()
        except Timeout:
            raise DataFolderInUseError from None
        except (OSError, NotImplementedError) as error:
            raise DataFolderRefusedError(reason="not_writable") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

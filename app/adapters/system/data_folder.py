"""Preparation of the data folder: private, writable, durable, with room on the disk."""

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from app.domain.errors import DataFolderRefusedError, DiskFullError, FatalError

PRIVATE = 0o700
ROOM_NEEDED = 100 * 2**20


def prepare_data_folder(folder: Path) -> None:
    """Prepare the folder; raises DataFolderRefusedError with its reason, or DiskFullError."""
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b".")
        _make_last(folder)
        room = shutil.disk_usage(folder).free
    except OSError as error:
        raise _refusal(error) from error
    if room < ROOM_NEEDED:
        raise DataFolderRefusedError(reason="no_room", free_mib=room // 2**20)


def _refusal(error: OSError) -> FatalError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError()
    if error.errno == errno.EROFS:
        return DataFolderRefusedError(reason="read_only")
    in_the_way = isinstance(error, FileExistsError | NotADirectoryError)
    return DataFolderRefusedError(reason="is_a_file" if in_the_way else "not_writable")


def _make_last(folder: Path) -> None:
    """Flush the parents of a new folder: a power cut would take it with all committed data (Q4).

    Done at each start, because an earlier one may have made the folder and been killed; up to the first folder that
    we may not read, which we cannot have made. Windows has no such call: there the file system's journal keeps names.
    """
    if os.name != "posix":
        return
    for above in folder.absolute().parents:
        try:
            handle = os.open(above, os.O_RDONLY)
        except PermissionError:
            return
        try:
            # Where folders cannot be flushed there is no write to wait for.
            with suppress(OSError):
                os.fsync(handle)
        finally:
            os.close(handle)

"""Makes the data folder ready: private, writable, with room on the disk."""

import shutil
import tempfile
from pathlib import Path

from app.domain.errors import DataFolderRefusedError

PRIVATE = 0o700
ROOM_NEEDED = 100 * 2**20


def prepare_data_folder(folder: Path) -> None:
    """Raises DataFolderRefusedError; `facts['reason']` is not_writable or no_room."""
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b".")
        room = shutil.disk_usage(folder).free
    except OSError as error:
        raise DataFolderRefusedError(reason="not_writable") from error
    if room < ROOM_NEEDED:
        raise DataFolderRefusedError(reason="no_room", free_mib=room // 2**20)

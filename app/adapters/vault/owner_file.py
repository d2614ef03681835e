"""Small files that only their owner may read, written atomically."""

import errno
import os
from pathlib import Path
from stat import S_IMODE, S_ISDIR
from typing import Final

from app.domain.errors import BadKeyError, DiskFullError
from app.domain.text_decoding import decode_text

OWNER_ONLY: Final = 0o600
_OTHERS: Final = 0o077
_LONGEST: Final = 64 * 1024
_POSIX: Final = os.name == "posix"


def read_owner_file(path: Path, place: str) -> str | None:
    """Return its text, None where the file is missing; raises BadKeyError with the reason of a refusal."""
    try:
        mode = path.stat().st_mode
        if _POSIX and S_IMODE(mode) & _OTHERS and not S_ISDIR(mode):
            raise BadKeyError(place=place, reason="permissions")
        # Bounded: a device such as /dev/zero never ends.
        with path.open("rb") as file:
            raw = file.read(_LONGEST + 1)
    except FileNotFoundError:
        return None
    except OSError:
        raise BadKeyError(place=place, reason="unreadable") from None
    try:
        if len(raw) <= _LONGEST:
            return decode_text(raw)
    except ValueError:
        pass
    raise BadKeyError(place=place, reason="not_plain_text")


def write_owner_file(path: Path, text: str) -> None:
    """Write the file and flush it to disk; a kill at any instant leaves the former file or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".new")
    try:
        unfinished.unlink(missing_ok=True)
        file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(file, "w", encoding="ascii") as writer:
            writer.write(text)
            writer.flush()
            os.fsync(writer.fileno())
        unfinished.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError from error
        raise


def _flush_folder(folder: Path) -> None:
    """Flush a folder's entries after a rename.

    Windows has no such call; there the file system journals the rename.
    """
    if not _POSIX:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Puts a copy in the place of the database, so that a crash at any instant leaves the one or the other."""

from pathlib import Path

from app.adapters.sqlite.atomic_files import copy_file, flush_folder, refusing, remove, with_neighbours
from app.domain.errors import BackupRefusedError


def set_up(backup: Path, database: Path) -> Path:
    """The backup's content beside the database, to be opened and checked there; raises BackupRefusedError.

    A database that was copied by hand, or set aside after a crash, has its last words in the log beside it.
    """
    beside = database.with_name(database.name + ".candidate")
    remove(beside)
    if not backup.exists():
        raise BackupRefusedError(reason="missing")
    with refusing("unreadable"):
        for part, place in zip(with_neighbours(backup), with_neighbours(beside), strict=True):
            if part.exists() and not part.name.endswith("-shm"):
                copy_file(part, place)
    return beside


def put_in_place(candidate: Path, database: Path) -> None:
    """From here on it is decided: what a crash cuts short, `finish` completes."""
    candidate.replace(_decided(database))
    flush_folder(database.parent)
    finish(database)


def finish(database: Path) -> None:
    """Move the database aside and what was decided into its place; nothing where nothing was decided."""
    decided, aside = _decided(database), set_aside(database)
    if not decided.exists():
        return
    if aside.exists():
        # It was replaced by one that was never opened since: of the two it is the one to keep.
        remove(database)
    else:
        for part, place in zip(with_neighbours(database), with_neighbours(aside), strict=True):
            if part.exists():
                part.replace(place)
                # In this order on the disk too: else a power cut leaves the copy alone, or the former without its log.
                flush_folder(database.parent)
    decided.replace(database)
    flush_folder(database.parent)


def set_aside(database: Path) -> Path:
    """Where the database that was replaced waits until the restored one has been opened."""
    return database.with_name(database.name + ".replaced")


def drop_set_aside(database: Path) -> None:
    """The restored database has been opened."""
    remove(set_aside(database))


def _decided(database: Path) -> Path:
    return database.with_name(database.name + ".restored")

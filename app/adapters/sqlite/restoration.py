"""Crash-safe restoration of a backup: after a crash at any instant one of the two databases is in place."""

from pathlib import Path

from app.adapters.sqlite.atomic_files import copy_file, flush_folder, refusing, remove, with_neighbours
from app.domain.errors import BackupRefusedError


def copy_candidate(backup: Path, database: Path) -> Path:
    """Copy the backup beside the database, to be opened and checked there; raise BackupRefusedError.

    The log is copied too: a database that was copied by hand, or set aside after a crash, has its last commits in it.
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
    """Commit the restoration by an atomic rename; `finish` completes it after a crash."""
    candidate.replace(_restored_file(database))
    flush_folder(database.parent)
    finish(database)


def finish(database: Path) -> None:
    """Move the database aside and the restored one into its place; idempotent, no effect without a decided one."""
    decided, aside = _restored_file(database), set_aside(database)
    if not decided.exists():
        return
    if aside.exists():
        # An earlier restoration set the original aside and was never opened: the original is the one to keep.
        remove(database)
    else:
        for part, place in zip(with_neighbours(database), with_neighbours(aside), strict=True):
            if part.exists():
                part.replace(place)
                # Flush each rename: a power cut must not leave the copy alone, or the former database without its
                # log.
                flush_folder(database.parent)
    decided.replace(database)
    flush_folder(database.parent)


def set_aside(database: Path) -> Path:
    """Return where the replaced database waits until the restored one has been opened."""
    return database.with_name(database.name + ".replaced")


def drop_set_aside(database: Path) -> None:
    """Delete the replaced database, once the restored one has been opened."""
    remove(set_aside(database))


def _restored_file(database: Path) -> Path:
    return database.with_name(database.name + ".restored")

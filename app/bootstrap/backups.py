"""Commands for database backups: make one, restore one."""

import asyncio
import sys
from pathlib import Path

from app.adapters.sqlite import backup, restoration
from app.adapters.sqlite.atomic_files import remove
from app.adapters.sqlite.store import SqliteStore
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.bootstrap.database import DATABASE, kind_of, open_candidate
from app.bootstrap.options import Options
from app.bootstrap.portuguese import sentences
from app.bootstrap.state_folder import locked_folder, state_folder
from app.ports.clock import Clock
from app.services.runtime.restore_detector import RESTORED_MARK


def back_up(options: Options, target: Path) -> int:
    """Back up the database, even while the program is open; return the exit code.

    Raises FatalError with the reason of a refusal.
    """
    with state_folder(options) as folder:
        backup.back_up(folder / DATABASE, kind_of(training=options.training), target.absolute())
    return _say("backed_up", target)


def restore(options: Options, source: Path) -> int:
    """Restore a backup; return the exit code.

    Raises FatalError with the reason of a refusal, before any change.
    """
    with locked_folder(options) as folder:
        restore_folder(folder, source, training=options.training)
    return _say("restored", restoration.set_aside(folder / DATABASE))


def restore_folder(folder: Path, source: Path, *, training: bool) -> None:
    """Put a backup in the place of the folder's database; the caller holds the folder's lock.

    Raises FatalError with the reason of a refusal, before any change.
    """
    database = folder / DATABASE
    restoration.finish(database)
    candidate = restoration.copy_candidate(source, database)
    try:
        _prove(candidate, training=training)
        restoration.put_in_place(candidate, database)
    finally:
        remove(candidate)


def _prove(candidate: Path, *, training: bool) -> None:
    """Check that the backup opens with our key, and mark it as a copy, which the next start detects."""
    clock = SystemClock()
    store = open_candidate(candidate, clock, SystemEntropy(), training=training)
    asyncio.run(_mark(store, clock))


async def _mark(store: SqliteStore, clock: Clock) -> None:
    try:
        now = clock.now().isoformat()
        await store.transact(lambda rows: rows.settings.set(RESTORED_MARK, now))
    finally:
        await store.close()


def _say(sentence: str, file: Path) -> int:
    sys.stdout.write(sentences().say("headless", sentence, file=str(file)) + "\n")
    return 0

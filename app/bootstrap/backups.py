"""Commands for database backups: make one, restore one."""

import asyncio
import sys
from pathlib import Path
from typing import Final

from app.adapters.sqlite import backup, restoration
from app.adapters.sqlite.atomic_files import remove
from app.adapters.sqlite.opening import ClosedDatabase, DatabaseKind, read_closed
from app.adapters.sqlite.store import SqliteStore
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.bootstrap.database import DATABASE, kind_of, open_candidate
from app.bootstrap.options import Options
from app.bootstrap.portuguese import sentences
from app.bootstrap.state_folder import locked_folder, state_folder
from app.domain.audit import Actor, AuditResult
from app.domain.errors import (
    DatabaseIsRealError,
    DatabaseIsTrainingError,
    DatabaseMissingError,
    DatabaseUnreadableError,
)
from app.ports.clock import Clock
from app.ports.store import Rows
from app.services.access.audit_log import AuditLog
from app.services.access.pin import carry_pin, pin_to_carry
from app.services.runtime.restore_detector import RESTORED_MARK

_ACT: Final = "restore"
# Faults of the file itself; any other passes, and the restoration is tried again after it.
_DAMAGED: Final = ("corrupt", "not_a_database", "foreign", "disk")


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
    present = _present_pin(database, kind_of(training=training))
    candidate = restoration.copy_candidate(source, database)
    try:
        _prepare(candidate, present, training=training)
        restoration.put_in_place(candidate, database)
    finally:
        remove(candidate)


def _present_pin(database: Path, kind: DatabaseKind) -> ClosedDatabase[str] | None:
    """Return the PIN of the database in use; None where there is none, or it is too damaged to tell.

    After a restoration that no start has opened, the database set aside is the one in use. Raises FatalError where a
    sound one cannot be read now: without its PIN the restoration would open the gate.
    """
    aside = restoration.set_aside(database)
    in_use = aside if aside.exists() else database
    if not in_use.exists():
        return None
    try:
        return read_closed(in_use, kind, pin_to_carry)
    except (DatabaseMissingError, DatabaseIsRealError, DatabaseIsTrainingError):
        return None
    except DatabaseUnreadableError as error:
        if error.facts.get("reason") in _DAMAGED:
            return None
        raise


def _prepare(candidate: Path, present: ClosedDatabase[str] | None, *, training: bool) -> None:
    """Check that the backup opens with our key, mark it as a copy, and carry the present PIN into it.

    All of it is in the candidate before that takes its place: no crash leaves a restored database without the PIN.
    """
    clock = SystemClock()
    store, unlocked = open_candidate(candidate, clock, SystemEntropy(), training=training)
    # A PIN is hashed under the index key: that of another shop would match nothing here.
    carried = present.result if present and unlocked.is_of(present.wraps) else ""
    asyncio.run(_mark(store, AuditLog(store, unlocked.vault, clock), clock, carried))


async def _mark(store: SqliteStore, audit: AuditLog, clock: Clock, carried: str) -> None:
    now = clock.now()

    def work(rows: Rows) -> None:
        rows.settings.set(RESTORED_MARK, now.isoformat())
        actor = Actor.CASHIER if carry_pin(rows, carried) else Actor.ANYONE
        audit.append(rows, _ACT, actor, AuditResult.ALLOWED, now)

    try:
        await store.transact(work)
    finally:
        await store.close()


def _say(sentence: str, file: Path) -> int:
    sys.stdout.write(sentences().say("headless", sentence, file=str(file)) + "\n")
    return 0

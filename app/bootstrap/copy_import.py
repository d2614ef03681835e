"""Import of another PC's backup into a new shop, without its key."""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path

from app.adapters.sqlite import restoration
from app.adapters.sqlite.atomic_files import remove
from app.adapters.sqlite.opening import open_database
from app.adapters.sqlite.store import SqliteStore
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.bootstrap.database import DATABASE, kind_of, open_candidate, open_folder
from app.bootstrap.service_config import live_config
from app.config import read_given
from app.domain.errors import BackupRefusedError, DatabaseUnreadableError, KeyMissingError, WrongKeyError
from app.domain.identifiers import SessionId
from app.domain.setting_sources import SourcedValue
from app.ports.store import Rows
from app.ports.vault import WrappedFor
from app.services.runtime.restore_detector import RESTORED_MARK


def import_copy(folder: Path, source: Path, *, training: bool) -> None:
    """Put the backup in the place of the folder's still empty database; the caller holds the folder's lock.

    The other PC's key is not here: the next start asks for the recovery phrase. Raises FatalError with the reason of
    a refusal, before any change.
    """
    _demand_unused(folder, training=training)
    database = folder / DATABASE
    candidate = restoration.copy_candidate(source, database)
    try:
        _prepare(candidate, training=training)
        restoration.put_in_place(candidate, database)
    finally:
        remove(candidate)


def _demand_unused(folder: Path, *, training: bool) -> None:
    """Raise BackupRefusedError where the folder's shop has orders or a paired number."""
    store = open_folder(folder, SystemClock(), SystemEntropy(), training=training).store
    if asyncio.run(_read_used(store, read_given(folder))):
        raise BackupRefusedError(reason="used")


async def _read_used(store: SqliteStore, given: Mapping[str, SourcedValue]) -> bool:
    try:
        settings = (await live_config(store, given, keeps_pace=True)).sources.settings()
        names = (settings.WHATSAPP_SESSION_ID, *settings.more_session_ids)
        return await store.read(lambda rows: _is_used(rows, names))
    finally:
        await store.close()


def _is_used(rows: Rows, names: Iterable[str]) -> bool:
    sessions = (rows.sessions.get(SessionId(name)) for name in names)
    return bool(rows.orders.latest(1)) or any(each and each.paired for each in sessions)


def _prepare(candidate: Path, *, training: bool) -> None:
    """Check the backup, and mark it as a copy: the other PC may have sent what waits in it.

    Marked before it is in place, it never opens unmarked, not even where both PCs were given one key.
    """
    try:
        opened = open_database(candidate, kind_of(training=training), thorough=True)
    except DatabaseUnreadableError as error:
        raise BackupRefusedError(reason="damaged") from error
    if opened.is_new:
        raise BackupRefusedError(reason="damaged")
    if not any(wrap.wrapped_for is WrappedFor.RECOVERY for wrap in opened.wraps):
        _demand_own_key(candidate, training=training)
    opened.keep_setting(RESTORED_MARK, SystemClock().now().isoformat())


def _demand_own_key(candidate: Path, *, training: bool) -> None:
    """Raise BackupRefusedError for a backup without a phrase, unless this PC's key opens it."""
    try:
        store, _ = open_candidate(candidate, SystemClock(), SystemEntropy(), training=training)
    except (KeyMissingError, WrongKeyError) as error:
        raise BackupRefusedError(reason="no_phrase") from error
    asyncio.run(store.close())

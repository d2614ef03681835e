"""Recovery of a database by its phrase, where this computer's key is missing."""

import asyncio
import sys
from io import TextIOWrapper
from pathlib import Path

from app import paths
from app.adapters.sqlite.opening import open_database
from app.adapters.sqlite.store import SqliteStore
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.adapters.vault.device_key_sources import device_key_source
from app.adapters.vault.unlocking import Unlocked, recover
from app.adapters.vault.version_counter_store import version_counter
from app.bootstrap.database import DATABASE, demand_database, key_sources, kind_of
from app.bootstrap.options import Options
from app.bootstrap.portuguese import sentences
from app.bootstrap.state_folder import locked_folder
from app.domain.errors import VersionNotStoredError
from app.ports.clock import Clock
from app.ports.version_counter import VersionCounter
from app.services.runtime.restore_detector import RESTORED_MARK

_LONGEST = 1000


def recover_folder(folder: Path, phrase: str, *, training: bool) -> None:
    """Open the folder's keys by the phrase and wrap them for this computer; the caller holds the folder's lock.

    Raises BadKeyError for what is no phrase, WrongKeyError for another database's, KeyMissingError where no phrase was
    ever made, DatabaseMissingError where there is no database.
    """
    demand_database(folder)
    opened = open_database(folder / DATABASE, kind_of(training=training))
    clock, entropy = SystemClock(), SystemEntropy()
    sources = key_sources(folder, training=training)
    place = device_key_source(sources, entropy)
    unlocked = recover(opened.wraps, phrase, place, entropy)
    store = opened.store(unlocked.vault, opened.wraps, opened.key_place or unlocked.place, clock, entropy)
    counter = version_counter(sources, unlocked.vault, paths.version_marks())
    asyncio.run(_keep_keys(store, unlocked, counter, clock))


async def _keep_keys(store: SqliteStore, unlocked: Unlocked, counter: VersionCounter, clock: Clock) -> None:
    """Wrap the keys for this PC, after the mark: a kill between the two must leave no unmarked copy that opens."""
    try:
        await _mark_on_new_pc(store, counter, clock)
        await store.keep_wraps(unlocked.wraps, unlocked.place)
    finally:
        await store.close()


async def _mark_on_new_pc(store: SqliteStore, counter: VersionCounter, clock: Clock) -> None:
    """Mark the database as a copy where this PC has never had it open: the other PC may have sent what waits in it."""
    if not await _has_mark(counter):
        now = clock.now().isoformat()
        await store.transact(lambda rows: rows.settings.set(RESTORED_MARK, now))


async def _has_mark(counter: VersionCounter) -> bool:
    try:
        return await counter.read() is not None
    except VersionNotStoredError:
        return False


def recover_from_stdin(options: Options) -> int:
    """Read the phrase from the first line of stdin and recover; return the exit code."""
    said = sentences()
    with locked_folder(options) as folder:
        if sys.stdin.isatty():
            sys.stdout.write(said.say("headless", "type_phrase") + "\n")
            sys.stdout.flush()
        recover_folder(folder, _typed_line(), training=options.training)
    sys.stdout.write(said.say("headless", "recovered") + "\n")
    return 0


def _typed_line() -> str:
    """Return the first line; a word in a foreign encoding is an unknown one, not a defect."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="ignore")
    return sys.stdin.readline(_LONGEST)

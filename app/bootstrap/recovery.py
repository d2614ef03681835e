"""Recovery of a database by its phrase, where this computer's key is missing."""

import asyncio
import sys
from io import TextIOWrapper
from pathlib import Path

from app.adapters.sqlite.opening import open_database
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.adapters.vault.device_key_sources import device_key_source
from app.adapters.vault.unlocking import recover
from app.bootstrap.database import DATABASE, demand_database, key_sources, kind_of
from app.bootstrap.options import Options
from app.bootstrap.portuguese import sentences
from app.bootstrap.state_folder import locked_folder

_LONGEST = 1000


def recover_folder(folder: Path, phrase: str, *, training: bool) -> None:
    """Open the folder's keys by the phrase and wrap them for this computer; the caller holds the folder's lock.

    Raises BadKeyError for what is no phrase, WrongKeyError for another database's, KeyMissingError where no phrase was
    ever made, DatabaseMissingError where there is no database.
    """
    demand_database(folder)
    opened = open_database(folder / DATABASE, kind_of(training=training))
    clock, entropy = SystemClock(), SystemEntropy()
    place = device_key_source(key_sources(folder, training=training), entropy)
    unlocked = recover(opened.wraps, phrase, place, entropy)
    store = opened.store(unlocked.vault, unlocked.wraps, unlocked.place, clock, entropy)
    asyncio.run(store.close())


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

"""Opening of a data folder's database with its device key."""

import os
from dataclasses import dataclass
from pathlib import Path

from app import paths
from app.adapters.sqlite.atomic_files import with_neighbours
from app.adapters.sqlite.opening import DatabaseKind, has_tables, open_database
from app.adapters.sqlite.restoration import drop_set_aside, finish, set_aside
from app.adapters.sqlite.store import SqliteStore
from app.adapters.vault.device_key_sources import DeviceKeySettings, device_key_source
from app.adapters.vault.key_custody import VaultKeyCustody
from app.adapters.vault.known_folder import KnownFolder
from app.adapters.vault.unlocking import Unlocked, new_vault, unlock
from app.adapters.vault.version_counter_store import FILE as VERSION_FILE
from app.adapters.vault.version_counter_store import version_counter
from app.domain.errors import (
    BackupRefusedError,
    DatabaseMissingError,
    DatabaseUnreadableError,
    DatabaseVanishedError,
)
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.key_custody import KeyCustody
from app.ports.vault import Vault
from app.ports.version_counter import VersionCounter

DATABASE = "coco-loko.db"


@dataclass(frozen=True, slots=True)
class OpenedFolder:
    """Open database with its vault and version counter; `key_place` is shown to the person."""

    store: SqliteStore
    vault: Vault
    version: VersionCounter
    custody: KeyCustody
    key_place: str


def kind_of(*, training: bool) -> DatabaseKind:
    return DatabaseKind.TRAINING if training else DatabaseKind.REAL


def open_folder(
    folder: Path, clock: Clock, entropy: Entropy, *, training: bool, anew: bool = False
) -> OpenedFolder:
    """Open the folder's database, or make it; completes an interrupted restoration first.

    Raises DatabaseVanishedError where there was one before, unless it is to be made `anew`.
    """
    database = folder / DATABASE
    finish(database)
    sources = key_sources(folder, training=training)
    wary = not (training or anew)
    if wary and not _has_content(database):
        _refuse_vanished(database, sources)
    opened = open_database(database, kind_of(training=training))
    if wary and opened.is_new:
        _refuse_vanished(database, sources)
    place = device_key_source(sources, entropy)
    unlocked = (
        new_vault(place, entropy) if opened.is_new else unlock(opened.wraps, place, opened.key_place, entropy)
    )
    store = opened.store(unlocked.vault, unlocked.wraps, unlocked.place, clock, entropy)
    drop_set_aside(database)
    if sources.in_keyring:
        KnownFolder(folder).note()
    version = version_counter(sources, unlocked.vault, paths.version_marks())
    custody = VaultKeyCustody(unlocked, store.keep_wraps, entropy)
    return OpenedFolder(store, unlocked.vault, version, custody, unlocked.place)


def open_candidate(
    candidate: Path, clock: Clock, entropy: Entropy, *, training: bool
) -> tuple[SqliteStore, Unlocked]:
    """Open a backup as in the database's place; never makes a database where the file is empty."""
    try:
        opened = open_database(candidate, kind_of(training=training), thorough=True)
    except DatabaseUnreadableError as error:
        raise BackupRefusedError(reason="damaged") from error
    if opened.is_new:
        raise BackupRefusedError(reason="damaged")
    place = device_key_source(key_sources(candidate.parent, training=training), entropy)
    unlocked = unlock(opened.wraps, place, opened.key_place, entropy)
    return opened.store(unlocked.vault, unlocked.wraps, unlocked.place, clock, entropy), unlocked


def demand_database(folder: Path) -> None:
    """Raise DatabaseMissingError where the folder has no database; completes an interrupted restoration first.

    Call before SQLite opens the file, which would make an empty one and delete the log beside it.
    """
    database = folder / DATABASE
    finish(database)
    if not _has_content(database) or not has_tables(database):
        raise DatabaseMissingError


def _refuse_vanished(database: Path, sources: DeviceKeySettings) -> None:
    """Raise DatabaseVanishedError for an emptied folder: sent messages, opt-outs (PARAR) and the pairing were in it.

    Call before SQLite opens the file: it deletes the log beside an empty one.
    """
    wal, *_ = with_neighbours(database)
    log_alone = _has_content(wal) and not _has_content(database)
    beside = (database.with_name(VERSION_FILE), set_aside(database))
    known = sources.in_keyring and KnownFolder(database.parent).is_known()
    if log_alone or known or any(file.exists() for file in beside):
        raise DatabaseVanishedError


def _has_content(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0


def key_sources(folder: Path, *, training: bool) -> DeviceKeySettings:
    key_file = os.environ.get("COCO_KEY_FILE")
    return DeviceKeySettings(
        folder=folder,
        training=training,
        master_key=os.environ.get("COCO_MASTER_KEY"),
        key_file=Path(key_file) if key_file else None,
        passphrase=os.environ.get("COCO_PASSPHRASE"),
    )

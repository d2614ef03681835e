"""Store of the database's version mark: a file outside its folder, and a copy beside the device key."""

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol, TypeVar

from app.adapters.vault.device_key import SourceUnusableError
from app.adapters.vault.device_key_sources import DeviceKeySettings
from app.adapters.vault.keyring_access import KeyringAccess
from app.adapters.vault.owner_file import read_owner_file, write_owner_file
from app.domain.errors import CocoLokoError, VersionNotStoredError
from app.ports.vault import Vault
from app.ports.version_counter import VersionCounter, VersionMark

T = TypeVar("T")

_log = logging.getLogger(__name__)

FILE: Final = "version.number"
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_PURPOSE: Final = "version counter"
# A version number is no reason to ask for a password, or for the end of the program to wait.
_ANSWERS_WITHIN: Final = timedelta(seconds=5)


class _VersionStore(Protocol):
    def read(self) -> str | None: ...

    def keep(self, text: str) -> None: ...


class KeyringVersionStore:
    """Version mark in the keyring; `database` tells the entries of several databases apart."""

    def __init__(self, database: str, answers_within: timedelta = _ANSWERS_WITHIN) -> None:
        self._keyring = KeyringAccess(answers_within)
        self._entry = f"coco-loko/version-{database}"

    def read(self) -> str | None:
        return self._keyring.read(self._entry)

    def keep(self, text: str) -> None:
        self._keyring.keep(self._entry, text)


class FileVersionStore:
    """Version mark in a file that only its owner may read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str | None:
        return read_owner_file(self._path, FILE)

    def keep(self, text: str) -> None:
        write_owner_file(self._path, text)


class StoredVersionCounter:
    """Version counter over two stores, each called in a separate thread because it may block."""

    def __init__(self, place: _VersionStore, second: _VersionStore | None = None) -> None:
        self._place, self._second = place, second

    async def read(self) -> VersionMark | None:
        return _mark(await asyncio.to_thread(_asked, self._place.read))

    async def keep(self, mark: VersionMark) -> None:
        await asyncio.to_thread(_asked, lambda: self._place.keep(_text(mark)))

    async def read_copy(self) -> VersionMark | None:
        return _mark(await asyncio.to_thread(_asked, self._second.read)) if self._second else None

    async def keep_copy(self, mark: VersionMark) -> None:
        if second := self._second:
            await asyncio.to_thread(_asked, lambda: second.keep(_text(mark)))


def version_counter(sources: DeviceKeySettings, vault: Vault, beside: Path | None) -> VersionCounter:
    """Return the counter of this database; `beside` is a folder outside the data folder, with one file per database.

    A training keeps its own. Without `beside`, for a person without a home, the mark lies in the data folder and
    cannot detect a copy of that folder.
    """
    within = FileVersionStore(sources.folder / FILE)
    if sources.training:
        return StoredVersionCounter(within)
    database = vault.blind_index(_PURPOSE, "").hex()
    in_keyring = KeyringVersionStore(database) if sources.in_keyring else None
    if beside is None:
        return StoredVersionCounter(within, in_keyring)
    return StoredVersionCounter(FileVersionStore(beside / f"{database}.version"), in_keyring or within)


def _text(mark: VersionMark) -> str:
    return f"{mark.number} {mark.incarnation}" if mark.incarnation else str(mark.number)


def _mark(kept: str | None) -> VersionMark | None:
    """Parse a stored mark; programs from before incarnations stored the number alone."""
    number, _, incarnation = (kept or "").partition(" ")
    if not _NUMBER.fullmatch(number) or " " in incarnation or (kept or "").endswith(" "):
        return None
    return VersionMark(int(number), incarnation or None)


def _asked(question: Callable[[], T]) -> T:
    try:
        return question()
    except SourceUnusableError as error:
        _log.warning("version_place_unusable", extra={"reason": error.reason})
        raise VersionNotStoredError from error
    except (CocoLokoError, OSError) as error:
        _log.warning("version_place_unusable", extra={"reason": type(error).__name__})
        raise VersionNotStoredError from error

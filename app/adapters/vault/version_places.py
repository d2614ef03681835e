"""Keeps the database's version number in the keyring, or in a file where the device key is not in a keyring."""

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol, TypeVar

from app.adapters.vault.device_key import PlaceUnusableError
from app.adapters.vault.keyring_access import KeyringAccess
from app.adapters.vault.owner_file import read_owner_file, write_owner_file
from app.adapters.vault.places import KeySources
from app.domain.errors import CocoLokoError, VersionUnkeptError
from app.ports.vault import Vault
from app.ports.version_counter import VersionCounter

T = TypeVar("T")

_log = logging.getLogger(__name__)

FILE: Final = "version.number"
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_PURPOSE: Final = "version counter"
# Nobody is asked for a password for the sake of a number, and the end of the program is not to wait for one.
_ANSWERS_WITHIN: Final = timedelta(seconds=5)


class _Place(Protocol):
    def read(self) -> str | None: ...

    def keep(self, text: str) -> None: ...


class VersionInKeyring:
    """`database` tells the entries of several databases apart."""

    def __init__(self, database: str, answers_within: timedelta = _ANSWERS_WITHIN) -> None:
        self._keyring = KeyringAccess(answers_within)
        self._entry = f"coco-loko/version-{database}"

    def read(self) -> str | None:
        return self._keyring.read(self._entry)

    def keep(self, text: str) -> None:
        self._keyring.keep(self._entry, text)


class VersionInFile:
    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def read(self) -> str | None:
        return read_owner_file(self._path, FILE)

    def keep(self, text: str) -> None:
        write_owner_file(self._path, text)


class PlacedVersion:
    """Asks the place in a thread of its own, for it may keep us waiting."""

    def __init__(self, place: _Place) -> None:
        self._place = place

    async def read(self) -> int | None:
        kept = await asyncio.to_thread(_asked, self._place.read)
        return int(kept) if kept and _NUMBER.fullmatch(kept) else None

    async def keep(self, number: int) -> None:
        await asyncio.to_thread(_asked, lambda: self._place.keep(str(number)))


def version_counter(sources: KeySources, vault: Vault) -> VersionCounter:
    """Where the device key is kept; several databases of one PC have the same keyring."""
    if sources.in_keyring:
        return PlacedVersion(VersionInKeyring(vault.blind_index(_PURPOSE, "").hex()))
    return PlacedVersion(VersionInFile(sources.folder))


def _asked(question: Callable[[], T]) -> T:
    try:
        return question()
    except PlaceUnusableError as error:
        _log.warning("version_place_unusable", extra={"reason": error.reason})
        raise VersionUnkeptError from error
    except (CocoLokoError, OSError) as error:
        _log.warning("version_place_unusable", extra={"reason": type(error).__name__})
        raise VersionUnkeptError from error

"""Cure of a fatal error: what the person can do about it from the stop page."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.domain.errors import (
    BadKeyError,
    CocoLokoError,
    DatabaseBusyError,
    DatabaseHeldError,
    DatabaseUnreadableError,
    DatabaseVanishedError,
    KeyMissingError,
    NoKeyPlaceError,
    WrongKeyError,
)


class StopCure(StrEnum):
    """Act of the stop page's first button."""

    RECOVER = "recover"
    """Open the keys by the recovery phrase."""
    RESTORE = "restore"
    """Put a backup in the place of the database."""
    RETRY = "retry"
    """Open the shop again, after the person has removed the cause."""


@dataclass(frozen=True, slots=True)
class StopActs:
    """Acts on the data folder while the shop is not open; each raises the domain's errors."""

    recover: Callable[[str], Awaitable[None]]
    """Opens the keys by a recovery phrase."""
    restore: Callable[[Path], Awaitable[None]]
    """Puts a backup in the place of the database."""
    import_copy: Callable[[Path], Awaitable[None]]
    """Puts another PC's backup in the place of an empty database; the next start asks for its phrase."""


# The key may be there: the phrase would need the same keyring for the key that it makes.
_UNUSABLE_KEYRING: Final = ("locked", "timeout", "failed", "no_backend", "insecure", "forgetful")
# The other reasons lie in the disk, the folder or another program.
_DAMAGED_DATABASE: Final = (None, "corrupt", "not_a_database")


def cure_of(error: CocoLokoError) -> StopCure | None:
    """Return the cure; None where another start of the program, or another folder, is needed."""
    reason = error.facts.get("reason")
    match error:
        case BadKeyError():
            return _cure_of_bad_key(error)
        case KeyMissingError():
            return StopCure.RETRY if reason in _UNUSABLE_KEYRING else StopCure.RECOVER
        case WrongKeyError():
            return StopCure.RECOVER
        case DatabaseVanishedError():
            return StopCure.RESTORE
        case DatabaseUnreadableError() if reason in _DAMAGED_DATABASE:
            return StopCure.RESTORE
        case DatabaseUnreadableError() if reason != "foreign":
            return StopCure.RETRY
        case NoKeyPlaceError() | DatabaseHeldError() | DatabaseBusyError():
            return StopCure.RETRY
        case _:
            return None


def _cure_of_bad_key(error: BadKeyError) -> StopCure | None:
    """A given key belongs to a person or a service manager: the program must not replace it."""
    match error.facts.get("place"):
        case "environment":
            return None
        case "key_file":
            return StopCure.RETRY
        case _:
            return StopCure.RECOVER

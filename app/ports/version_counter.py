"""Version counter kept beside the database, by which a restored older copy is detected."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class VersionMark:
    """Monotonic `number` with a random `incarnation`, which tells two copies apart that both continued."""

    number: int
    incarnation: str | None = None
    """None if an earlier version of the program wrote the mark."""


class VersionCounter(Protocol):
    """Each call raises VersionNotStoredError if its place fails."""

    async def read(self) -> VersionMark | None:
        """Return the mark kept last; None if there is no mark."""
        ...

    async def keep(self, mark: VersionMark) -> None:
        """Save the mark quickly; on disk when this returns."""
        ...

    async def read_copy(self) -> VersionMark | None:
        """Return a mark from another place, perhaps older; None if there is no mark."""
        ...

    async def keep_copy(self, mark: VersionMark) -> None:
        """Save the mark in the other place; may take seconds."""
        ...

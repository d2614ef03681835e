"""A mark that is kept beside the database, and so is not put back together with an older copy of it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class VersionMark:
    """The number only rises; the incarnation is random, so that two copies that went on are told apart."""

    number: int
    incarnation: str | None = None
    """None where a program from before it wrote the mark."""


class VersionCounter(Protocol):
    """Each call raises VersionNotStoredError where its place refuses."""

    async def read(self) -> VersionMark | None:
        """The mark kept last; None where none was."""
        ...

    async def keep(self, mark: VersionMark) -> None:
        """Quickly; on disk when this returns."""
        ...

    async def read_copy(self) -> VersionMark | None:
        """A mark that may be older, from another place; None where there is none."""
        ...

    async def keep_copy(self, mark: VersionMark) -> None:
        """May take seconds."""
        ...

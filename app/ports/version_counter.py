"""A number that is kept beside the database, and so is not put back together with an older copy of it."""

from typing import Protocol


class VersionCounter(Protocol):
    """Both calls raise VersionUnkeptError where the place refuses."""

    async def read(self) -> int | None:
        """What was kept last; None where nothing was."""
        ...

    async def keep(self, number: int) -> None: ...

"""A place for the version number that lives in memory and may refuse."""

from dataclasses import dataclass, field

from app.domain.errors import VersionUnkeptError


@dataclass
class MemoryVersion:
    number: int | None = None
    refuses: bool = False
    kept: list[int] = field(default_factory=list)

    async def read(self) -> int | None:
        self._refuse()
        return self.number

    async def keep(self, number: int) -> None:
        self._refuse()
        self.number = number
        self.kept.append(number)

    def _refuse(self) -> None:
        if self.refuses:
            raise VersionUnkeptError

"""Places for the version mark that live in memory and may refuse."""

from dataclasses import dataclass, field

from app.domain.errors import VersionNotStoredError
from app.ports.version_counter import VersionMark


@dataclass
class MemoryVersion:
    mark: VersionMark | None = None
    copy: VersionMark | None = None
    refuses: bool = False
    copy_refuses: bool = False
    kept: list[VersionMark] = field(default_factory=list)
    copied: list[VersionMark] = field(default_factory=list)

    async def read(self) -> VersionMark | None:
        _refuse(self.refuses)
        return self.mark

    async def keep(self, mark: VersionMark) -> None:
        _refuse(self.refuses)
        self.mark = mark
        self.kept.append(mark)

    async def read_copy(self) -> VersionMark | None:
        _refuse(self.copy_refuses)
        return self.copy

    async def keep_copy(self, mark: VersionMark) -> None:
        _refuse(self.copy_refuses)
        self.copy = mark
        self.copied.append(mark)


def _refuse(refuses: bool) -> None:  # noqa: FBT001 - the one thing it goes by
    if refuses:
        raise VersionNotStoredError

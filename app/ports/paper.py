"""What the shop prints for its customers."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class PaperKind(StrEnum):
    """The kind of a file; its ending says it."""

    PNG = "png"
    PDF = "pdf"


class RollWidth(StrEnum):
    """The paper of a receipt printer, in millimetres."""

    NARROW = "58"
    WIDE = "80"


@dataclass(frozen=True, slots=True)
class Poster:
    """For the counter: an A4 sheet. `link` is what the code says; `number` is the shop's, for who cannot scan."""

    shop: str
    link: str
    number: str
    title: str
    steps: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class TillReceipt:
    """For the end of an order's receipt."""

    link: str
    heading: str
    words: str
    width: RollWidth


class Paper(Protocol):
    """Draws beside the loop; what comes back is a whole file."""

    async def poster(self, poster: Poster, kind: PaperKind) -> bytes: ...

    async def till_receipt(self, receipt: TillReceipt, kind: PaperKind) -> bytes:
        """Black and white alone, a dot of the printer for each dot of the picture."""
        ...

    async def keep(self, file: Path, content: bytes) -> None:
        """Write it whole or not at all; raises PaperRefusedError."""
        ...

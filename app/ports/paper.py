"""Port of printed matter for customers: posters and till receipts."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class PaperKind(StrEnum):
    """File format, by the file's ending."""

    PNG = "png"
    PDF = "pdf"


class RollWidth(StrEnum):
    """Paper width of a receipt printer, in millimetres."""

    NARROW = "58"
    WIDE = "80"


@dataclass(frozen=True, slots=True)
class Poster:
    """A4 poster for the counter: `link` is in the QR code, `number` is the shop's, for customers unable to scan."""

    shop: str
    link: str
    number: str
    title: str
    steps: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class TillReceipt:
    """Slip at the end of an order's till receipt."""

    link: str
    heading: str
    words: str
    width: RollWidth


class Paper(Protocol):
    """Draws off the event loop; each result is a complete file."""

    async def poster(self, poster: Poster, kind: PaperKind) -> bytes: ...

    async def till_receipt(self, receipt: TillReceipt, kind: PaperKind) -> bytes:
        """Draw in black and white only, one printer dot for each dot of the picture."""
        ...

    async def keep(self, file: Path, content: bytes) -> None:
        """Write the file atomically; raises PaperRefusedError."""
        ...

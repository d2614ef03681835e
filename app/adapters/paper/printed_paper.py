"""Makes files of what is drawn, in a thread of their own."""

import asyncio
import os
import tempfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from PIL import Image

from app.adapters.paper import poster_sheet, receipt_strip
from app.adapters.paper.typesetting import Typesetter
from app.domain.errors import PaperRefusedError
from app.ports.paper import PaperKind, Poster, ReceiptCode


class PrintedPaper:
    """`fonts` is the folder of the typeface."""

    def __init__(self, fonts: Path) -> None:
        self._typesetter = Typesetter(fonts)

    async def poster(self, poster: Poster, kind: PaperKind) -> bytes:
        return await asyncio.to_thread(self._poster, poster, kind)

    async def receipt(self, receipt: ReceiptCode, kind: PaperKind) -> bytes:
        return await asyncio.to_thread(self._receipt, receipt, kind)

    async def keep(self, file: Path, content: bytes) -> None:
        await asyncio.to_thread(_keep, file, content)

    def _poster(self, poster: Poster, kind: PaperKind) -> bytes:
        sheet = poster_sheet.poster_sheet(poster, self._typesetter)
        return _file_of(sheet, kind, poster_sheet.DOTS_PER_INCH)

    def _receipt(self, receipt: ReceiptCode, kind: PaperKind) -> bytes:
        strip = receipt_strip.receipt_strip(receipt, self._typesetter)
        return _file_of(strip, kind, receipt_strip.DOTS_PER_INCH)


def _file_of(image: Image.Image, kind: PaperKind, dots_per_inch: int) -> bytes:
    """In its true size."""
    content = BytesIO()
    if kind is PaperKind.PDF:
        # What is black and white alone is packed without a loss, and has no quality.
        fine = {} if image.mode == "1" else {"quality": 95}
        image.save(content, "PDF", resolution=dots_per_inch, **fine)
    else:
        image.save(content, "PNG", dpi=(dots_per_inch, dots_per_inch), optimize=True)
    return content.getvalue()


def _keep(file: Path, content: bytes) -> None:
    """Beside its place first: what was printed before is not lost to a full disk."""
    try:
        number, beside = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    except OSError:
        raise PaperRefusedError(reason="not_writable") from None
    try:
        with os.fdopen(number, "wb") as written:
            written.write(content)
        Path(beside).replace(file)
    except OSError:
        with suppress(OSError):
            Path(beside).unlink()
        raise PaperRefusedError(reason="not_writable") from None

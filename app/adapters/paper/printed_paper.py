"""Rendering and saving of printed papers in a thread beside the event loop."""

import asyncio
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.domain.errors import PaperRefusedError
from app.ports.paper import PaperKind, Poster, TillReceipt

_READABLE: Final = 0o644


class PrintedPaper:
    """Printing port; `fonts` is the folder of the typeface.

    Drawing libraries are imported on first use, because few starts of the program print.
    """

    def __init__(self, fonts: Path) -> None:
        self._fonts = fonts

    async def poster(self, poster: Poster, kind: PaperKind) -> bytes:
        from app.adapters.paper.drawn_files import poster_file  # noqa: PLC0415 - see above

        return await asyncio.to_thread(poster_file, poster, kind, self._fonts)

    async def till_receipt(self, receipt: TillReceipt, kind: PaperKind) -> bytes:
        from app.adapters.paper.drawn_files import till_receipt_file  # noqa: PLC0415 - see above

        return await asyncio.to_thread(till_receipt_file, receipt, kind, self._fonts)

    async def keep(self, file: Path, content: bytes) -> None:
        await asyncio.to_thread(_keep, file, content)


def _keep(file: Path, content: bytes) -> None:
    """Save the file atomically, by a rename: a full disk does not cost the earlier print."""
    try:
        number, beside = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    except (OSError, ValueError):
        # An impossible file name is a ValueError.
        raise PaperRefusedError(reason="not_writable") from None
    try:
        with os.fdopen(number, "wb") as written:
            written.write(content)
        # The file holds no secret, and another user of the PC may print it.
        Path(beside).chmod(_READABLE)
        Path(beside).replace(file)
    except OSError:
        with suppress(OSError):
            Path(beside).unlink()
        raise PaperRefusedError(reason="not_writable") from None

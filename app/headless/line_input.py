"""Reads lines from stdin in a thread of its own, each whole or not at all."""

import asyncio
import codecs
from concurrent.futures import CancelledError
from contextlib import suppress
from threading import Thread
from typing import BinaryIO, Final

LONGEST_LINE: Final = 1024 * 1024
_AHEAD: Final = 100


class TooLong:
    """Stands in the place of a line over the limit, which was read to its end and dropped."""


Line = bytes | TooLong | None
"""None is the end of stdin."""


class LineInput:
    """Reads at most `_AHEAD` lines before they are asked for, so that a busy reader is felt by the writer."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines = asyncio.Queue[Line](_AHEAD)
        self._loop = asyncio.get_running_loop()

    def start(self) -> None:
        """Begin to read; the thread is a daemon, for nothing can interrupt its wait."""
        Thread(target=self._read, name="stdin", daemon=True).start()

    async def next(self) -> Line:
        return await self._lines.get()

    def _read(self) -> None:
        # Either means that the loop has ended, and no line is asked for any more.
        with suppress(RuntimeError, CancelledError):
            try:
                # Not through sys.stdin: Python closes that at the end, and dies of a thread that is still reading it.
                with suppress(OSError), open(self._descriptor, "rb", closefd=False) as stdin:
                    while (line := _whole_line(stdin)) is not None:
                        self._put(_without_mark(line))
            finally:
                self._put(None)

    def _put(self, line: Line) -> None:
        putting = self._lines.put(line)
        try:
            handed = asyncio.run_coroutine_threadsafe(putting, self._loop)
        except RuntimeError:
            putting.close()
            raise
        handed.result()


def _whole_line(stdin: BinaryIO) -> Line:
    """The next line without the end of it; None at the end of stdin."""
    line = stdin.readline(LONGEST_LINE + 1)
    if not line:
        return None
    if len(line) <= LONGEST_LINE:
        return line
    while line and not line.endswith(b"\n"):
        line = stdin.readline(LONGEST_LINE)
    return TooLong()


def _without_mark(line: Line) -> Line:
    """Without the byte order mark that some programs put before each text in UTF-8."""
    return line.removeprefix(codecs.BOM_UTF8) if isinstance(line, bytes) else line

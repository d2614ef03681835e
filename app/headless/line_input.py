"""Line input: reads stdin in a thread of its own, whole lines only."""

import asyncio
import codecs
from concurrent.futures import CancelledError
from contextlib import suppress
from threading import Thread
from typing import BinaryIO, Final

LONGEST_LINE: Final = 1024 * 1024
_AHEAD: Final = 100


class TooLong:
    """Placeholder of a line over the limit, which was read to its end and dropped."""


Line = bytes | TooLong | None
"""A line, its placeholder, or None at the end of stdin."""


class LineInput:
    """Line reader with backpressure: at most `_AHEAD` lines are read ahead, then the writer of stdin blocks."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines = asyncio.Queue[Line](_AHEAD)
        self._loop = asyncio.get_running_loop()

    def start(self) -> None:
        """Start reading; the thread is a daemon, because its blocking read cannot be interrupted."""
        Thread(target=self._read, name="stdin", daemon=True).start()

    async def next(self) -> Line:
        return await self._lines.get()

    def _read(self) -> None:
        # Either error means that the loop has ended and no line is requested any more.
        with suppress(RuntimeError, CancelledError):
            try:
                # Not through sys.stdin: Python closes that at exit, and crashes while a thread still reads it.
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
    """Return the next line with its end; None at the end of stdin."""
    line = stdin.readline(LONGEST_LINE + 1)
    if not line:
        return None
    if len(line) <= LONGEST_LINE:
        return line
    while line and not line.endswith(b"\n"):
        line = stdin.readline(LONGEST_LINE)
    return TooLong()


def _without_mark(line: Line) -> Line:
    """Return the line without the byte order mark that some programs put before UTF-8 text."""
    return line.removeprefix(codecs.BOM_UTF8) if isinstance(line, bytes) else line

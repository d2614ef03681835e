"""The terminal, or the pipe, on which a rush of orders is told line by line."""

import io
import sys
from datetime import timedelta
from typing import Final

from rich.console import Console

from app.headless.line_output import LineOutput, writer_to

_READS_WITHIN: Final = timedelta(seconds=2)


class LineConsole(Console):
    """Console whose lines a thread writes: a reader who waits, or a terminal that is held, stops no engine."""

    def __init__(self, *, stderr: bool) -> None:
        stream = sys.stderr if stderr else sys.stdout
        self._output = LineOutput(writer_to(stream.fileno()), lambda _: b"")
        self._for_json = stderr
        file = _QueuedStream(self._output, is_terminal=stream.isatty())
        super().__init__(file=file, highlight=False, markup=False, emoji=False)

    def say(self, line: str) -> None:
        """As long as it is: the reader of a pipe wants lines whole."""
        self.print(line, soft_wrap=True)

    @property
    def is_closed(self) -> bool:
        """Whether the reader has left."""
        return self._output.gone

    def check(self) -> None:
        """Raises BrokenPipeError when the reader has left; a caller who asked for JSON still waits for that."""
        if self.is_closed and not self._for_json:
            raise BrokenPipeError

    def finish(self) -> None:
        """Write what is left to be written, as long as it is read."""
        self._output.close(_READS_WITHIN)


class _QueuedStream(io.StringIO):
    """Text stream that never waits: each write is queued, and dropped where the queue is full."""

    def __init__(self, output: LineOutput, *, is_terminal: bool) -> None:
        super().__init__()
        self._output, self._is_terminal = output, is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> int:
        self._output.event(text.encode("utf-8", "backslashreplace"))
        return len(text)

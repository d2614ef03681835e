"""Line console of the demo: a terminal or pipe, written line by line without blocking."""

import io
import sys
from datetime import timedelta
from typing import Final

from rich.console import Console

from app.headless.line_output import LineOutput, writer_to

_READS_WITHIN: Final = timedelta(seconds=2)


class LineConsole(Console):
    """Console with a writer thread: a slow reader or a suspended terminal does not stop the engine."""

    def __init__(self, *, stderr: bool) -> None:
        stream = sys.stderr if stderr else sys.stdout
        self._output = LineOutput(writer_to(stream.fileno()), lambda _: b"")
        self._for_json = stderr
        file = _QueuedStream(self._output, is_terminal=stream.isatty())
        super().__init__(file=file, highlight=False, markup=False, emoji=False)

    def say(self, line: str) -> None:
        """Print a line unwrapped: the reader of a pipe wants whole lines."""
        self.print(line, soft_wrap=True)

    @property
    def is_closed(self) -> bool:
        """Whether the reader has left."""
        return self._output.gone

    def check(self) -> None:
        """Raise BrokenPipeError when the reader has left; a caller that asked for JSON still waits for that."""
        if self.is_closed and not self._for_json:
            raise BrokenPipeError

    def finish(self) -> None:
        """Write the remaining lines, as long as they are read."""
        self._output.close(_READS_WITHIN)


class _QueuedStream(io.StringIO):
    """Text stream that never blocks: each write is queued, and dropped where the queue is full."""

    def __init__(self, output: LineOutput, *, is_terminal: bool) -> None:
        super().__init__()
        self._output, self._is_terminal = output, is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> int:
        self._output.event(text.encode("utf-8", "backslashreplace"))
        return len(text)

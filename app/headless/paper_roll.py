"""The terminal, or the pipe, on which a rush of orders is told line by line."""

from rich.console import Console


class PaperRoll(Console):
    """A reader who leaves silences it; `torn` says so, for an exception in the middle of an event harms others."""

    def __init__(self, *, stderr: bool) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False)
        self.torn = False

    def say(self, line: str) -> None:
        """As long as it is: whoever reads from a pipe wants lines whole."""
        self.print(line, soft_wrap=True)

    def check(self) -> None:
        """Raises BrokenPipeError when its reader has left; whoever asked for JSON still waits for that."""
        if self.torn and not self.stderr:
            raise BrokenPipeError

    def on_broken_pipe(self) -> None:
        self.quiet = self.torn = True

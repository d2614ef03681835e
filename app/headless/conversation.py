"""Takes commands as JSON lines on stdin; gives answers and events as JSON lines on stdout."""

import asyncio
import json
import sys
from contextlib import suppress
from threading import Thread
from typing import Any, TextIO

from app.domain.errors import UnknownCommandError
from app.domain.events import Event
from app.headless.clerk import Clerk
from app.headless.commands import Command, Plain, id_of, read_command
from app.headless.happenings import as_json
from app.services.core import Core
from app.services.sentences import Sentences

_LONGEST_LINE = 1024 * 1024


class Conversation:
    """Ends with the command `quit`, or with the end of stdin: whoever started the program is gone then."""

    def __init__(self, core: Core, sentences: Sentences, out: TextIO) -> None:
        self._core, self._clerk, self._out = core, Clerk(core, sentences), out
        self._lines = asyncio.Queue[bytes]()
        self._heard = True
        core.bus.subscribe(Event, self._tell)

    async def run(self) -> None:
        """Raises BrokenPipeError when nobody reads stdout any more."""
        # A daemon, for nothing can interrupt its wait and the program must end all the same.
        read = (asyncio.get_running_loop(), self._lines, sys.stdin.fileno())
        Thread(target=_read, args=read, name="stdin", daemon=True).start()
        while self._heard and (line := await self._lines.get()):
            if line.strip() and await self._answer(line.decode("utf-8", "replace")):
                break
        if not self._heard:
            raise BrokenPipeError

    async def _answer(self, line: str) -> bool:
        """Whether the program is to end."""
        try:
            command: Command = read_command(line)
        except UnknownCommandError as error:
            self._write({"id": id_of(line), **self._clerk.refusal(error)})
            return False
        self._write({"id": command.id, **await self._clerk.carry_out(command)})
        return isinstance(command, Plain) and command.command == "quit"

    def _tell(self, event: Event) -> None:
        if said := as_json(event):
            self._write(said)

    def _write(self, said: dict[str, Any]) -> None:
        """An answer that nobody can read is as good as the end of stdin."""
        if not self._heard:
            return
        try:
            self._out.write(json.dumps(said, ensure_ascii=False) + "\n")
            self._out.flush()
        except OSError:
            self._heard = False
            self._lines.put_nowait(b"")


def _read(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[bytes], source: int) -> None:
    """In a thread, because not every stdin of every system can be watched by the loop.

    Whatever ends the reading, the program hears of it, unless it has ended by itself.
    """
    with suppress(RuntimeError):
        try:
            # Not through sys.stdin: Python closes that at the end, and dies of a thread that is still reading it.
            with suppress(OSError), open(source, "rb", closefd=False) as stdin:
                while line := stdin.readline(_LONGEST_LINE):
                    loop.call_soon_threadsafe(lines.put_nowait, line)
        finally:
            loop.call_soon_threadsafe(lines.put_nowait, b"")

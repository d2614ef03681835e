"""Takes commands as JSON lines on stdin; gives answers and events as JSON lines on stdout."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from threading import Thread
from typing import Any, TextIO

from app.domain.errors import UnknownCommandError
from app.domain.events import Event
from app.headless.clerk import Clerk
from app.headless.commands import Command, Plain, read_command
from app.headless.happenings import as_json
from app.services.core import Core
from app.services.sentences import Sentences

_LONGEST_LINE = 1024 * 1024


class Conversation:
    """Ends with the command `quit`, or with the end of stdin: whoever started the program is gone then."""

    def __init__(self, core: Core, sentences: Sentences, out: TextIO) -> None:
        self._core, self._clerk, self._out = core, Clerk(core, sentences), out
        core.bus.subscribe(Event, self._tell)

    async def run(self) -> None:
        async for line in _stdin_lines():
            if line.strip() and await self._answer(line):
                return

    async def _answer(self, line: str) -> bool:
        """Whether the program is to end."""
        try:
            command: Command = read_command(line)
        except UnknownCommandError as error:
            self._write(self._clerk.refusal(error))
            return False
        self._write({"id": command.id, **await self._clerk.carry_out(command)})
        return isinstance(command, Plain) and command.command == "quit"

    def _tell(self, event: Event) -> None:
        if said := as_json(event):
            self._write(said)

    def _write(self, said: dict[str, Any]) -> None:
        self._out.write(json.dumps(said, ensure_ascii=False) + "\n")
        self._out.flush()


async def _stdin_lines() -> AsyncIterator[str]:
    """Read in a thread, because not every stdin of every system can be watched by the loop."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str]()

    def read() -> None:
        while line := sys.stdin.readline(_LONGEST_LINE):
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, "")

    # A daemon, for nothing can interrupt its wait and the program must end all the same.
    Thread(target=read, name="stdin", daemon=True).start()
    while line := await lines.get():
        yield line

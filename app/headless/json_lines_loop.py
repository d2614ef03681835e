"""JSON Lines loop: commands on stdin, answers and events on stdout."""

import asyncio
import json
from collections import defaultdict
from datetime import timedelta
from typing import Any, Final

from app.domain.errors import UnknownCommandError
from app.domain.events import Event
from app.domain.identifiers import OrderId
from app.headless.command_executor import CommandExecutor
from app.headless.commands import (
    CheckNumber,
    Command,
    OfConnection,
    PairByCode,
    Plain,
    PosterFile,
    TillReceiptFile,
    read_command,
)
from app.headless.event_json import event_json, order_of_pickup
from app.headless.line_input import LineInput, TooLong
from app.headless.line_output import LineOutput, Write
from app.headless.refused_line import decoded, id_of
from app.services.background_tasks import BackgroundTasks
from app.services.runtime.core import Core
from app.services.text.message_catalog import MessageCatalog

# A reader that accepts no data for so long gets no more when the program ends.
_READS_WITHIN: Final = timedelta(seconds=2)
_FINISH_WITHIN: Final = timedelta(seconds=10)


class JsonLinesLoop:
    """Command loop; ends with `quit`, the end of stdin, or when the reader of stdout leaves."""

    def __init__(self, core: Core, sentences: MessageCatalog, write: Write) -> None:
        self._core, self._executor = core, CommandExecutor(core, sentences)
        self._output = LineOutput(write, lambda count: _line({"event": "dropped", "count": count}))
        self._tasks = BackgroundTasks()
        self._slow: set[asyncio.Task[Any]] = set()
        self._queues: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        core.bus.subscribe(Event, self._publish)

    async def run(self, source: int) -> None:
        """Serve the commands of this file descriptor; raises BrokenPipeError when stdout has no reader any more."""
        lines = LineInput(source)
        lines.start()
        serving = self._tasks.start(self._serve(lines), "commands")
        leaving = self._tasks.start(self._output.until_gone(), "reader_gone")
        try:
            await asyncio.wait({serving, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if self._output.gone:
                raise BrokenPipeError
            await serving
        finally:
            await self._tasks.stop()

    def close(self) -> None:
        """Write the remaining lines, as long as they are read."""
        self._output.close(_READS_WITHIN)

    async def _serve(self, lines: LineInput) -> None:
        while (line := await lines.next()) is not None:
            await self._output.room()
            if isinstance(line, TooLong):
                self._answer({"id": None, **self._executor.refusal(UnknownCommandError(reason="too_long"))})
            elif line.strip() and await self._take(line):
                break
        if self._slow:
            await asyncio.wait(self._slow, timeout=_FINISH_WITHIN.total_seconds())

    async def _take(self, line: bytes) -> bool:
        """Execute one line; return whether the program is to end."""
        try:
            command = read_command(decoded(line))
        except UnknownCommandError as error:
            self._answer({"id": id_of(line), **self._executor.refusal(error)})
            return False
        if queue := _queue_of(command):
            task = self._tasks.start(self._execute_slow(command, queue), "slow_command")
            self._slow.add(task)
            task.add_done_callback(self._slow.discard)
            return False
        await self._execute(command)
        return isinstance(command, Plain) and command.command == "quit"

    async def _execute(self, command: Command) -> None:
        self._answer({"id": command.id, **await self._executor.execute(command)})

    async def _execute_slow(self, command: Command, queue: str) -> None:
        async with self._queues[queue]:
            await self._execute(command)

    def _publish(self, event: Event) -> None:
        if said := event_json(event):
            self._output.event(_line(said))
        if self._core.templates.pickup_offer.on and (order_id := order_of_pickup(event)):
            self._tasks.start(self._publish_pickup(order_id), "pickup")

    async def _publish_pickup(self, order_id: OrderId) -> None:
        """Write what the order's row shows now: a reply alone does not say whether it counts."""
        pickup = await self._executor.pickup_of(order_id)
        self._output.event(_line({"event": "pickup", "order_id": order_id, "pickup": pickup}))

    def _answer(self, said: dict[str, Any]) -> None:
        self._output.answer(_line(said))


def _queue_of(command: Command) -> str | None:
    """Return the queue of a slow command, or None for a fast one.

    Commands that wait for WhatsApp or a disk run beside the others, in order within one queue.
    """
    match command:
        case OfConnection() | PairByCode():
            return f"connection {command.session}"
        case CheckNumber():
            return "check_number"
        case PosterFile() | TillReceiptFile():
            return "paper"
        case Plain(command="retry_failed"):
            return "retry_failed"
        case _:
            return None


def _line(said: dict[str, Any]) -> bytes:
    return (json.dumps(said, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")

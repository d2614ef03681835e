"""Node child process: start, diagnostics, bounded shutdown."""

import asyncio
import contextlib
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

from app.adapters.whatsapp.diagnostics import Diagnostics
from app.adapters.whatsapp.line_codec import LONGEST_LINE
from app.adapters.whatsapp.node_command import NodeCommand, child_environment
from app.adapters.whatsapp.windows_job import end_with_this_process
from app.ports.clock import Clock

AFTER_END_OF_INPUT = timedelta(seconds=1.5)
AFTER_TERMINATE = timedelta(seconds=1)
AFTER_KILL = timedelta(seconds=1)

# A session of its own: an interrupt typed in the terminal reaches us alone, and we stop the child in our order.
_OWN_SESSION = sys.platform != "win32"
if sys.platform == "win32":
    _CREATION_FLAGS = subprocess.CREATE_NO_WINDOW
else:
    _CREATION_FLAGS = 0


class SidecarProcess:
    """Child process; `watch` must run for `exited` to be set."""

    def __init__(self, process: asyncio.subprocess.Process, clock: Clock, log: logging.Logger) -> None:
        self._process = process
        self._clock = clock
        self._log = log
        self.exited = asyncio.Event()

    @classmethod
    async def spawn(cls, command: NodeCommand, clock: Clock, log: logging.Logger) -> "SidecarProcess":
        """Start the child; raises OSError when the system refuses to start it."""
        process = await asyncio.create_subprocess_exec(
            command.node,
            *command.flags,
            command.bundle,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=child_environment(os.environ, command.compile_cache),
            limit=LONGEST_LINE,
            start_new_session=_OWN_SESSION,
            creationflags=_CREATION_FLAGS,
        )
        if not end_with_this_process(process.pid):
            log.warning("the sidecar could not be put into the job object")
        return cls(process, clock, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def stdin(self) -> asyncio.StreamWriter:
        assert self._process.stdin  # noqa: S101 - asked for at the start
        return self._process.stdin

    @property
    def stdout(self) -> asyncio.StreamReader:
        assert self._process.stdout  # noqa: S101 - asked for at the start
        return self._process.stdout

    async def watch(self) -> None:
        """Log the child's stderr; return when the child has ended."""
        assert self._process.stderr  # noqa: S101 - asked for at the start
        await Diagnostics(self._process.stderr, self._log).pass_on()
        code = await self._process.wait()
        self._log.info("the sidecar has ended with code %d", code)
        self.exited.set()

    async def stop(self) -> None:
        """Stop the child: end of input (written data is flushed first), terminate, kill.

        A caller that is cancelled while waiting kills it at once.
        """
        try:
            await self._end_gently()
        finally:
            if not self.exited.is_set():
                self._send(self._process.kill)
        await self._clock.wait(self.exited, AFTER_KILL)

    async def kill(self) -> None:
        """Kill the child at once, also while `watch` is not running; bounded."""
        self._send(self._process.kill)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(AFTER_KILL.total_seconds()):
                await self._process.wait()
        self.exited.set()

    async def _end_gently(self) -> None:
        self.stdin.close()
        if await self._clock.wait(self.exited, AFTER_END_OF_INPUT):
            return
        self._log.warning("the sidecar did not end with its input: terminated")
        self._send(self._process.terminate)
        if not await self._clock.wait(self.exited, AFTER_TERMINATE):
            self._log.warning("the sidecar did not obey: killed")

    def _send(self, ending: Callable[[], None]) -> None:
        with contextlib.suppress(ProcessLookupError):
            ending()

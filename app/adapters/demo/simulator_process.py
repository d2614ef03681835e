"""Simulator as a child process, for trainings without a separate one."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from app.domain.errors import SimulatorUnreachableError

_ANSWER_WITHIN = 20
# An interrupt typed in the terminal reaches us alone: the phones must outlive the messages still on their way.
_OWN_SESSION = sys.platform != "win32"
if sys.platform == "win32":
    _CREATION_FLAGS = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _CREATION_FLAGS = 0


@asynccontextmanager
async def simulator_child(node: Path, bundle: Path, environment: Mapping[str, str]) -> AsyncIterator[str]:
    """Run the simulator and yield its websocket address; it ends with its stdin, even when we are killed.

    `environment` is all that it sees: it has no use for keys. Raises SimulatorUnreachableError.
    """
    child = await _spawn(node, bundle, environment)
    try:
        yield await _address(child)
    finally:
        if child.stdin:
            child.stdin.close()
        try:
            async with asyncio.timeout(3):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()


async def _spawn(node: Path, bundle: Path, environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            str(node),
            str(bundle),
            "--port",
            "0",
            "--exit-with-stdin",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
            start_new_session=_OWN_SESSION,
            creationflags=_CREATION_FLAGS,
        )
    except OSError as error:
        raise SimulatorUnreachableError from error


async def _address(child: asyncio.subprocess.Process) -> str:
    if child.stdout is None:
        raise SimulatorUnreachableError
    try:
        async with asyncio.timeout(_ANSWER_WITHIN):
            first = await child.stdout.readline()
        return str(json.loads(first)["ws"])
    except (TimeoutError, ValueError, KeyError, TypeError):
        raise SimulatorUnreachableError from None

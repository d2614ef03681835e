"""One process of the real program: commands on stdin, events on stdout, frozen and killed from outside."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from app.ports.clock import Clock
from tests.harness.running_app import MASTER_KEY, ROOT

_LONGEST_LINE = 1024 * 1024
Said = dict[str, Any]


class Life:
    """Process whose events all go to `hear`, followed by None at the end of stdout."""

    def __init__(self, child: asyncio.subprocess.Process, clock: Clock, hear: Callable[[Said], None]) -> None:
        self._child, self._clock, self._hear = child, clock, hear
        self._begun = clock.steady()
        self.connected_after: timedelta | None = None
        self._numbers = count(1)
        self._asked: dict[int, asyncio.Future[Said | None]] = {}
        self._nodes: list[psutil.Process] = []
        self.connecting, self.connected, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    @classmethod
    async def begin(
        cls, folder: Path, ws_url: str, settings: dict[str, str], clock: Clock, hear: Callable[[Said], None]
    ) -> "Life":
        arguments = ("--headless", "--data-dir", str(folder), "--simulated-whatsapp", ws_url)
        with (folder.parent / f"{folder.name}.stderr").open("ab") as complaints:
            child = await asyncio.create_subprocess_exec(
                sys.executable,
                "main.py",
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=complaints,
                env=_environment(settings),
                cwd=ROOT,
                limit=_LONGEST_LINE,
            )
        return cls(child, clock, hear)

    async def listen(self) -> None:
        """Until stdout ends; commands that were not answered by then never will be."""
        assert self._child.stdout
        async for line in self._child.stdout:
            self._take(json.loads(line))
        await self._child.wait()
        self.connected.clear()
        self.ended.set()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_result(None)

    async def say(self, **command: object) -> Said | None:
        """The answer, or None where the program died before it gave one."""
        assert self._child.stdin
        if self.ended.is_set():
            return None
        number = next(self._numbers)
        answer: asyncio.Future[Said | None] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        with suppress(ConnectionError):
            self._child.stdin.write(json.dumps({"id": number, **command}).encode() + b"\n")
            await self._child.stdin.drain()
        try:
            return await answer
        finally:
            del self._asked[number]

    @property
    def exit_code(self) -> int | None:
        return self._child.returncode

    def kill(self) -> None:
        """Kill the program alone; its Node process has to notice by itself."""
        self.node()
        self._child.kill()

    def freeze(self) -> None:
        self._child.send_signal(signal.SIGSTOP)

    def node(self) -> psutil.Process | None:
        """The Node process that is there now."""
        with suppress(psutil.Error):
            children = psutil.Process(self._child.pid).children()
            self._nodes += [one for one in children if one not in self._nodes]
        running = [one for one in self._nodes if one.is_running()]
        return running[-1] if running else None

    def nodes_left(self) -> int:
        """How many Node processes have not ended yet; one that was frozen is let go."""
        left = 0
        for one in self._nodes:
            with suppress(psutil.Error):
                if one.status() == psutil.STATUS_STOPPED:
                    one.resume()
                # Whoever has to bury it may take its time.
                left += one.status() != psutil.STATUS_ZOMBIE
        return left

    def _take(self, said: Said) -> None:
        if "ok" in said:
            asked = self._asked.get(said["id"])
            if asked and not asked.done():
                asked.set_result(said)
            return
        if said["event"] == "connection":
            self._follow_lamp(said["lamp"])
        self._hear(said)

    def _follow_lamp(self, lamp: str) -> None:
        if lamp == "connecting":
            self.connecting.set()
        if lamp == "connected":
            self.connected.set()
            self.connected_after = self.connected_after or self._clock.steady() - self._begun
        else:
            self.connected.clear()


def _environment(settings: dict[str, str]) -> dict[str, str]:
    """Environment with a bytecode cache, without which most of each life would be compilation."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "COCO_MASTER_KEY": MASTER_KEY, **settings}

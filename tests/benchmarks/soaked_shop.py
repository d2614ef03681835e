"""Commands a soaking shop, hears what becomes of its messages, and looks at its processes from outside."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil

from app import paths
from app.adapters.demo.admin_client import AdminClient
from app.adapters.system.clock import SystemClock
from app.domain.phone import Phone
from tests.harness.running_app import MASTER_KEY, ROOT

_PATIENCE = timedelta(seconds=120)
_MOST_UNDERWAY = 60
_MEGABYTE = 1024 * 1024
_TOLD = frozenset({"sent", "delivered", "read"})


class SoakedShop:
    """`accepted` and `read` hold the ids of notifications; `stall` is how late the loop was, and of that at work."""

    def __init__(
        self, child: asyncio.subprocess.Process, admin: AdminClient, names: Mapping[str, str]
    ) -> None:
        self._child, self._admin, self._names = child, admin, names
        self._clock = SystemClock()
        self._heard = asyncio.Event()
        self._asked = self._refused = 0
        self._told: set[str] = set()
        self._open: set[str] = set()
        self._scans: set[asyncio.Task[None]] = set()
        self.accepted: set[str] = set()
        self.read: set[str] = set()
        self.stall = (0.0, 0.0)

    async def listen(self) -> None:
        assert self._child.stdout
        async for line in self._child.stdout:
            self._take(json.loads(line))
            self._heard.set()

    async def pair_all(self) -> None:
        for name in self._names:
            await self._say(command="pair", session=name)
        await self._until(lambda: self._open == set(self._names), "not all numbers are connected")

    async def send(self, phones: Sequence[Phone], texts: Sequence[str]) -> None:
        """As fast as they leave; returns when every customer has read theirs."""
        for position, text in enumerate(texts):
            await self._until(self._has_room, "nothing leaves any more")
            self._asked += 1
            await self._say(command="custom", phone=phones[position % len(phones)].number, text=text)
        await self._until(self._all_read, "not all were read")

    async def end(self) -> None:
        await self._say(command="quit")
        await self._child.wait()

    def memory(self) -> dict[str, float]:
        """Megabytes of each process."""
        return {name: round(one.memory_info().rss / _MEGABYTE, 1) for name, one in self._processes().items()}

    def handles(self) -> dict[str, int]:
        """Open files of each process; on Linux root alone may count those of the app, which is undumpable."""
        count = "num_handles" if psutil.WINDOWS else "num_fds"
        counted: dict[str, int] = {}
        for name, one in self._processes().items():
            with suppress(psutil.AccessDenied):
                counted[name] = getattr(one, count)()
        return counted

    def _processes(self) -> dict[str, psutil.Process]:
        app = psutil.Process(self._child.pid)
        nodes = [one for one in app.children() if str(paths.sidecar_bundle()) in one.cmdline()]
        return {"app": app, **{f"node_{place}": one for place, one in enumerate(nodes, start=1)}}

    def _has_room(self) -> bool:
        return self._asked - self._refused - len(self._told) < _MOST_UNDERWAY

    def _all_read(self) -> bool:
        return self._asked == self._refused + len(self.accepted) and self.accepted <= self.read

    async def _say(self, **command: object) -> None:
        assert self._child.stdin
        self._child.stdin.write(json.dumps(command).encode() + b"\n")
        await self._child.stdin.drain()

    async def _until(self, true: Any, otherwise: str) -> None:
        while not true():
            self._heard.clear()
            assert await self._clock.wait(self._heard, _PATIENCE), otherwise

    def _take(self, said: dict[str, Any]) -> None:
        if "ok" in said:
            self._refused += not said["ok"]
            if "notification_id" in said:
                self.accepted.add(said["notification_id"])
        elif said["event"] == "loop":
            self.stall = max(self.stall, (said["late_ms"], said["busy_ms"]))
        elif said["event"] == "notification":
            self._follow(said["notification_id"], said["state"])
        elif said["event"] == "connection":
            self._look(said)

    def _follow(self, notification_id: str, state: str) -> None:
        if state in _TOLD:
            self._told.add(notification_id)
        if state == "read":
            self.read.add(notification_id)

    def _look(self, said: dict[str, Any]) -> None:
        if said["lamp"] == "connected":
            self._open.add(said["session"])
        if said["qr"]:
            scan = self._admin.post("scan", number=self._names[said["session"]], qr=said["qr"])
            task = asyncio.get_running_loop().create_task(scan)
            self._scans.add(task)
            task.add_done_callback(self._scans.discard)


@asynccontextmanager
async def soaked_shop(folder: Path, url: str, names: Mapping[str, str]) -> AsyncIterator[SoakedShop]:
    """`names` are the sessions with the phones that they are paired with."""
    first, *more = names
    settings = {
        "WHATSAPP_SESSION_ID": first,
        "WHATSAPP_MORE_SESSION_IDS": ",".join(more),
        "UNDO_SECONDS": "0",
    }
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.soak_shop", str(folder), url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "COCO_MASTER_KEY": MASTER_KEY, **settings},
        cwd=ROOT,
        limit=_MEGABYTE,
    )
    shop = SoakedShop(child, AdminClient(url), names)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(shop.listen())
            yield shop
            await shop.end()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()

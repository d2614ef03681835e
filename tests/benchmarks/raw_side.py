"""Drives the bare Baileys program, which the app is compared with."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.adapters.whatsapp.node_command import installed_node
from app.domain.phone import Phone
from tests.benchmarks.figures import Round
from tests.harness.running_app import ROOT

_PROGRAM = ROOT / "resources" / "whatsapp" / "benchmark" / "raw_baileys.ts"


@dataclass(frozen=True, slots=True)
class RawSide:
    """Linked and open."""

    child: asyncio.subprocess.Process

    async def send(self, name: str, phones: Sequence[Phone], texts: Sequence[str]) -> Round:
        """One text after the other, each after the ack of the one before; `name` makes the round's ids its own."""
        assert self.child.stdin is not None
        jids = [f"{phone.number[1:]}@s.whatsapp.net" for phone in phones]
        order = {"name": name, "jids": jids, "texts": list(texts)}
        self.child.stdin.write(json.dumps(order).encode() + b"\n")
        told = await _told(self.child)
        return Round(len(texts), told["seconds"], node_ms=told["cpu_ms"] / len(texts))


@asynccontextmanager
async def raw_side(url: str, number: str) -> AsyncIterator[RawSide]:
    """`number` is the shop's account that the program is linked to; the child ends with the block."""
    admin = f"http://{urlsplit(url).netloc}/admin"
    child = await asyncio.create_subprocess_exec(
        str(installed_node()),
        str(_PROGRAM),
        url,
        admin,
        number,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**22,
    )
    try:
        assert (await _told(child))["open"]
        yield RawSide(child)
    finally:
        assert child.stdin is not None
        child.stdin.close()
        await child.wait()


async def _told(child: asyncio.subprocess.Process) -> dict[str, float]:
    assert child.stdout is not None
    line = await child.stdout.readline()
    assert line, "the bare program ended"
    told: dict[str, float] = json.loads(line)
    return told

"""Measures what one more number costs in memory: its sidecar idle and after many texts, beside a bare Node."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import psutil

from app.adapters.system.clock import SystemClock
from app.adapters.whatsapp.node_command import installed_node
from app.domain.phone import Phone
from tests.benchmarks.figures import middle
from tests.benchmarks.own_side import own_side
from tests.simulators.whatsapp_simulator import SHOP, simulated_whatsapp

_MEGABYTE: Final = 2**20


@dataclass(frozen=True, slots=True)
class MemoryCounts:
    rounds: int = 3
    messages: int = 500
    customers: int = 50
    settle_seconds: int = 5
    """What a process needed for a moment alone is given back by then."""


def measure_memory(counts: MemoryCounts) -> dict[str, Any]:
    """Return medians in megabytes of what a process holds alone (Windows: the private working set)."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as place:
        # Once unmeasured, so that Node's compiled code is there, as at every start of a shop but its first.
        few = MemoryCounts(1, 1, 1, 0)
        asyncio.run(_round(Path(place), "first", few))
        rounds = [asyncio.run(_round(Path(place), str(number), counts)) for number in range(counts.rounds)]
    names = list(rounds[0])
    return {"counts": asdict(counts), **{name: middle((one[name] for one in rounds), 1) for name in names}}


async def _round(place: Path, name: str, counts: MemoryCounts) -> dict[str, float]:
    clock, settle = SystemClock(), timedelta(seconds=counts.settle_seconds)
    phones = [Phone(f"+55739988{number:05d}") for number in range(counts.customers)]
    contacts = [{"number": phone.number} for phone in phones]
    folder = place / name
    folder.mkdir()
    async with (
        simulated_whatsapp(*contacts) as whatsapp,
        own_side(folder, whatsapp.url, whatsapp.admin, SHOP, compile_cache=place / "node") as own,
    ):
        with _bare_node() as bare:
            await clock.sleep(settle)
            idle, alone = held(own.sidecar), held(bare)
        sent = await own.send(
            phones, [f"Pedido #{n}: seu açaí está *pronto*!" for n in range(counts.messages)]
        )
        await clock.sleep(settle)
        return {
            "bare_node_uss_mb": alone,
            "sidecar_idle_uss_mb": idle,
            "sidecar_used_uss_mb": held(own.sidecar),
            "sidecar_used_rss_mb": own.sidecar.memory_info().rss / _MEGABYTE,
            "messages_per_s": sent.rate,
        }


def held(process: psutil.Process) -> float:
    """Megabytes that would be free if this process alone ended; all Node processes share Node's own code."""
    return float(process.memory_full_info().uss) / _MEGABYTE


@contextmanager
def _bare_node() -> Iterator[psutil.Process]:
    """A Node that waits and has loaded nothing."""
    command = [str(installed_node()), "-e", "process.stdin.resume()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        yield psutil.Process(child.pid)
        assert child.stdin
        child.stdin.close()

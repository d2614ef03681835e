"""Measures the queue beside bare Baileys and beside two other queues, in alternating rounds of one run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.domain.phone import Phone
from tests.benchmarks.disk import sync_times_ms
from tests.benchmarks.figures import Round, middle, percentile
from tests.benchmarks.own_side import own_side
from tests.benchmarks.raw_side import raw_side
from tests.benchmarks.same_work import Rates, huey, ours, persist_queue
from tests.benchmarks.server_door import server_door
from tests.harness.shop import PATIENT
from tests.simulators.whatsapp_simulator import SimulatedWhatsApp, simulated_whatsapp

_WORDS = {
    "own": ("enqueue", "claim_settle"),
    "huey": ("enqueue", "claim"),
    "persist_queue": ("enqueue", "claim_ack"),
}
_RAW_SHOP, _ONE_SHOP, _OWN_SHOP = "+5573988110001", "+5573988110002", "+5573988110003"


@dataclass(frozen=True, slots=True)
class Counts:
    rounds: int = 5
    messages: int = 400
    clicks: int = 200
    rows: int = 1000
    customers: int = 50

    @property
    def phones(self) -> list[Phone]:
        return [Phone(f"+55739988{number:05d}") for number in range(self.customers)]

    def texts(self, name: str, count: int) -> list[str]:
        return [f"Pedido #{number}: seu açaí está *pronto*! {name}" for number in range(count)]


@dataclass
class Wire:
    """The rounds that go to the server and back."""

    raw: list[Round] = field(default_factory=list)
    one: list[Round] = field(default_factory=list)
    own: list[Round] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        raw, one, own = ([each.rate for each in rounds] for rounds in (self.raw, self.one, self.own))
        return {
            "raw_per_s": middle(raw, 1),
            "own_window1_per_s": middle(one, 1),
            "own_per_s": middle(own, 1),
            "ratio_window1": middle(a / b for a, b in zip(one, raw, strict=True)),
            "ratio": middle(a / b for a, b in zip(own, raw, strict=True)),
            "ratio_rounds": [round(a / b, 3) for a, b in zip(own, raw, strict=True)],
            "raw_node_cpu_ms": middle(each.node_ms for each in self.raw),
            "own_node_cpu_ms": middle(each.node_ms for each in self.own),
            "own_python_cpu_ms": middle(each.python_ms for each in self.own),
        }


def measure(counts: Counts) -> dict[str, Any]:
    with TemporaryDirectory(prefix="coco-bench-") as made:
        folder = Path(made)
        wire, clicks = asyncio.run(_over_the_network(folder, counts))
        return {
            "counts": asdict(counts),
            **wire.figures(),
            "click_to_server_p50_ms": percentile(clicks, 0.5),
            "click_to_server_p99_ms": percentile(clicks, 0.99),
            "fsync_ms_p50": middle(sync_times_ms(folder, 200)),
            **_same_work(folder, counts),
        }


async def _over_the_network(folder: Path, counts: Counts) -> tuple[Wire, list[float]]:
    async with _network(counts) as network:
        return await _wire(folder, network, counts), await _clicks(folder / "own", network, counts)


@asynccontextmanager
async def _network(counts: Counts) -> AsyncIterator[SimulatedWhatsApp]:
    async with simulated_whatsapp(*({"number": phone.number} for phone in counts.phones)) as network:
        for number in (_RAW_SHOP, _ONE_SHOP, _OWN_SHOP):
            await network.admin.post("account", number=number, name="Coco Loko")
        yield network


async def _wire(folder: Path, network: SimulatedWhatsApp, counts: Counts) -> Wire:
    """Each side has its own shop at the same server and has told every customer something before it is measured."""
    wire, one_at_a_time = Wire(), replace(PATIENT, window=1)
    async with (
        raw_side(network.url, _RAW_SHOP) as raw,
        own_side(folder / "one", network.url, network.admin, _ONE_SHOP, one_at_a_time) as one,
        own_side(folder / "own", network.url, network.admin, _OWN_SHOP) as own,
    ):
        for number in range(counts.rounds + 1):
            texts = counts.texts(f"{number}", counts.messages if number else counts.customers * 2)
            rounds = (
                await raw.send(f"{number:08X}", counts.phones, texts),
                await one.send(counts.phones, texts),
                await own.send(counts.phones, texts),
            )
            if number:
                for kept, measured in zip((wire.raw, wire.one, wire.own), rounds, strict=True):
                    kept.append(measured)
    return wire


async def _clicks(folder: Path, network: SimulatedWhatsApp, counts: Counts) -> list[float]:
    """Milliseconds from each click, nothing else going on, until the message's bytes are at the server's door."""
    async with (
        server_door(network.url) as door,
        own_side(folder, door.url, network.admin, _OWN_SHOP) as own,
    ):
        await own.send(counts.phones, counts.texts("warm", counts.customers))
        return [
            await own.click(door, counts.phones[number % counts.customers]) for number in range(counts.clicks)
        ]


def _same_work(folder: Path, counts: Counts) -> dict[str, Any]:
    texts = counts.texts("rows", counts.rows)
    measured: dict[str, list[Rates]] = {}
    for number in range(counts.rounds):
        place = folder / f"rows-{number}"
        place.mkdir()
        for name, rates in (
            ("own", ours(place, texts, counts.phones)),
            ("huey", huey(place, texts)),
            ("persist_queue", persist_queue(place, texts)),
        ):
            measured.setdefault(name, []).append(rates)
    return {
        f"{name}_{what}_per_s": middle((rates[place].rate for rates in measured[name]), 1)
        for name, words in _WORDS.items()
        for place, what in enumerate(words)
    }

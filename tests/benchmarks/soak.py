"""`poe soak --messages N --sessions N`: whether the app, working for long, holds its memory, handles and word."""

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.adapters.demo.admin_client import AdminClient
from app.adapters.system.clock import SystemClock
from app.domain.phone import Phone
from tests.benchmarks.soaked_shop import SoakedShop, soaked_shop
from tests.simulators.whatsapp_simulator import simulated_whatsapp

_NAMES = {"main": "+5573988112233", "second": "+5573988112244", "third": "+5573988112255"}
_MOST_CUSTOMERS = 60
_TENTHS = 10
# A thousand texts a number, a few busy days: until then Node compiles what has turned out to be hot.
_WARM_AFTER = 3
_SETTLES = timedelta(seconds=2)
_MOST_GROWTH_PERCENT = 5
_LONGEST_STALL_MS = 200


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="poe soak", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000, metavar="N")
    parser.add_argument("--sessions", type=int, default=3, choices=range(1, len(_NAMES) + 1))
    parser.add_argument("--json", nargs="?", const="-", default="-", metavar="FILE", help="stdout or FILE")
    asked = parser.parse_args(arguments)
    figures = asyncio.run(_soak(max(asked.messages, _TENTHS), asked.sessions))
    text = json.dumps(figures, indent=2) + "\n"
    if asked.json != "-":
        Path(asked.json).write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 1 if figures["faults"] else 0


async def _soak(messages: int, sessions: int) -> dict[str, Any]:
    names = dict(list(_NAMES.items())[:sessions])
    tenth = messages // _TENTHS
    phones = [Phone(f"+55739994{number:05d}") for number in range(min(_MOST_CUSTOMERS, tenth))]
    async with simulated_whatsapp(*({"number": phone.number} for phone in phones)) as network:
        await network.options(delivered_delay_ms=20, read_delay_ms=60)
        for number in names.values():
            await network.admin.post("account", number=number)
        with TemporaryDirectory(prefix="coco-soak-") as folder:
            async with soaked_shop(Path(folder), network.url, names) as shop:
                await shop.pair_all()
                figures = await _measured(shop, phones, tenth)
                figures |= await _at_the_phones(network.admin, shop, tenth * _TENTHS, set(names.values()))
    return {"messages": messages, "sessions": sessions, **figures, "faults": faults_of(figures)}


async def _measured(shop: SoakedShop, phones: Sequence[Phone], tenth: int) -> dict[str, Any]:
    """Warm after the first tenths; the app looked at after each."""
    clock, course = SystemClock(), list[dict[str, float]]()
    before, began = {}, clock.steady()
    for number in range(_TENTHS):
        await shop.send(phones, texts_of(tenth * number, tenth))
        await clock.sleep(_SETTLES)
        course.append(shop.memory())
        if number + 1 == _WARM_AFTER:
            before, began, shop.stall = shop.handles(), clock.steady(), (0.0, 0.0)
    first, last = course[_WARM_AFTER - 1], course[-1]
    return {
        "seconds": round((clock.steady() - began).total_seconds(), 1),
        "memory_before_mb": first,
        "memory_after_mb": last,
        "growth_percent": {name: round((last[name] / first[name] - 1) * 100, 1) for name in first},
        "memory_course_mb": {name: [one[name] for one in course] for name in first},
        "longest_stall_ms": round(shop.stall[0], 1),
        "longest_stall_busy_ms": round(shop.stall[1], 1),
        "handles_before": before,
        "handles_after": shop.handles(),
    }


def texts_of(first: int, count: int) -> list[str]:
    return [f"Pedido #{number}: seu açaí está *pronto*!" for number in range(first, first + count)]


async def _at_the_phones(
    admin: AdminClient, shop: SoakedShop, messages: int, shops: set[str]
) -> dict[str, Any]:
    """Copies on the shop's own phones tell no customer anything."""
    told = await admin.get("messages")
    shown = Counter[str]()
    for message in told["messages"]:
        if message["number"] not in shops:
            shown[message["text"]] += message["shown"]
    texts = texts_of(0, messages)
    return {
        "accepted": len(shop.accepted),
        "lost": sum(not shown[text] for text in texts),
        "twice": sum(shown[text] > 1 for text in texts),
        "wire_repeats": told["wire_repeats"],
    }


def faults_of(figures: dict[str, Any]) -> list[str]:
    """What may not be, in words."""
    grown = [
        f"{name} grew by {percent} %"
        for name, percent in figures["growth_percent"].items()
        if percent > _MOST_GROWTH_PERCENT
    ]
    stalled = figures["longest_stall_ms"] > _LONGEST_STALL_MS
    return [
        *grown,
        *(["the loop stood still"] if stalled else []),
        *(["handles were not constant"] if _handles_moved(figures) else []),
        *(f"{figures[kind]} {kind}" for kind in ("lost", "twice") if figures[kind]),
    ]


def _handles_moved(figures: dict[str, Any]) -> bool:
    """Return whether a process has other handles than before, but for the one that SQLite keeps.

    The daily check closes its connection while others hold locks on the file; SQLite keeps that handle until then.
    """
    before, after = figures["handles_before"], figures["handles_after"]
    return before.keys() != after.keys() or any(not 0 <= after[name] - before[name] <= 1 for name in before)


if __name__ == "__main__":
    sys.exit(main())

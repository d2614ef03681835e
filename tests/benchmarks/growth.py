"""Measures what each act of a shop costs after 1,000 to 1,000,000 messages, and beside how many that are held."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from app.ports.clock import Clock
from tests.benchmarks.figures import percentile
from tests.benchmarks.growth_acts import Act, GrowingShop, open_database_once, open_growing_shop
from tests.benchmarks.growth_history import History

# An act that takes longer than this is not run a hundred times.
_LONG: Final = timedelta(seconds=10)
_MILLISECOND: Final = timedelta(milliseconds=1)

Figures = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class GrowthCounts:
    """Messages in history and messages held in front, each from the smallest to the largest by tens."""

    smallest: int = 1_000
    largest: int = 1_000_000
    fewest_held: int = 100
    most_held: int = 50_000
    times: int = 100


def measure_growth(counts: GrowthCounts) -> dict[str, Any]:
    """Return each act's median and p99 by size, and how much dearer each has become from the first to the last."""
    sizes, held = _by_tens(counts.smallest, counts.largest), _by_tens(counts.fewest_held, counts.most_held)
    with TemporaryDirectory() as folder:
        by_size, by_held = asyncio.run(_measure(Path(folder), sizes, held, counts.times))
    ratios, held_ratios = ratios_of(by_size), ratios_of(by_held)
    return {
        "sizes": by_size,
        "held": by_held,
        "ratios": ratios,
        "held_ratios": held_ratios,
        "worst_ratio": max(ratios.values()),
        "worst_held_ratio": max(held_ratios.values()),
    }


def ratios_of(by_size: Mapping[int, Figures]) -> dict[str, float]:
    """Of medians; below a twentieth of a millisecond a clock tells more of the machine than of the act."""
    first, last = by_size[min(by_size)], by_size[max(by_size)]
    smallest = 0.05
    return {act: round(last[act]["median_ms"] / max(first[act]["median_ms"], smallest), 2) for act in first}


def _by_tens(first: int, last: int) -> list[int]:
    sizes = [first]
    while sizes[-1] * 10 < last:
        sizes.append(sizes[-1] * 10)
    return [*sizes, last] if sizes[-1] < last else sizes


async def _measure(
    folder: Path, sizes: Sequence[int], held: Sequence[int], times: int
) -> tuple[dict[int, Figures], dict[int, Figures]]:
    shop = open_growing_shop(folder)
    await shop.fill_today()
    await shop.store.close()
    history = History(shop.database, shop.clock.now())
    by_size, by_held = dict[int, Figures](), dict[int, Figures]()
    for size in sizes:
        history.grow(size)
        by_size[size] = await _acts(folder, times)
    for strangers in held:
        history.hold(strangers)
        by_held[strangers] = await _acts_beside_held(folder, times)
    return by_size, by_held


async def _acts(folder: Path, times: int) -> Figures:
    shop = open_growing_shop(folder)
    figures = {"opening": await _times(shop, _opening(folder), min(times, 20))}
    await _prepare(shop, times)
    figures |= {name: await _times(shop, act, times) for name, act in shop.acts().items()}
    await shop.store.close()
    return figures


async def _prepare(shop: GrowingShop, times: int) -> None:
    """What the acts use up."""
    await shop.go_on()
    for _ in range(2 * times + 2):
        await shop.order()
    for _ in range(times + 2):
        await shop.claim_and_settle()


async def _acts_beside_held(folder: Path, times: int) -> Figures:
    shop = open_growing_shop(folder)
    acts = {
        "claim_with_strangers_held": shop.claim_with_strangers_held,
        "claim_for_another_number": shop.claim_for_another_number,
        "queue_stats": shop.core.queue.get_queue_stats,
        "next_due": shop.acts()["next_due"],
    }
    figures = {name: await _times(shop, act, times) for name, act in acts.items()}
    await shop.store.close()
    return figures


def _opening(folder: Path) -> Act:
    async def act() -> None:
        open_database_once(folder / "coco.db")

    return act


async def _times(shop: GrowingShop, act: Act, times: int) -> dict[str, float]:
    """The first time warms up and is not counted."""
    await act()
    clock: Clock = shop.clock
    began, lengths = clock.steady(), list[float]()
    while len(lengths) < times and (not lengths or clock.steady() - began < _LONG):
        before = clock.steady()
        await act()
        lengths.append((clock.steady() - before) / _MILLISECOND)
    return {"median_ms": round(median(lengths), 3), "p99_ms": percentile(lengths, 0.99)}

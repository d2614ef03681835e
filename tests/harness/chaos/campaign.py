"""Campaign of kill runs, one shop each, side by side, with the sum of their results."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

from app.ports.clock import Clock
from tests.harness.chaos.kill_run import KillRun, MisbehavedError
from tests.harness.chaos.simulated_side import Phones, SimulatedSide
from tests.harness.chaos.verdict import SHOWN_TWICE, Evidence, Verdict, judge
from tests.harness.running_app import simulator

_MOST_SHOPS = 3
_KILLS_WORTH_A_SHOP = 10


@dataclass(frozen=True, slots=True)
class Plan:
    kills: int
    seed: int
    phones: Phones
    in_doubt: str
    hidden: float = 0.0
    """Share of the customers who hide their number."""
    rotate: bool = False
    """Whether the data key is rotated beside the kills."""

    @property
    def promises_no_twice(self) -> bool:
        """Whether no message may show twice; a phone that does not compare ids shows intended repeats twice (Q4)."""
        return self.phones == "dedupe" or self.in_doubt == "ask"


@dataclass
class Result:
    """`broken` are sentences, each naming a notification with its history, never a text or a phone."""

    plan: Plan
    verdict: Verdict = field(default_factory=Verdict)
    wire_repeats: int = 0
    kills: int = 0
    kills_unanswered: int = 0
    messages_unanswered: int = 0
    faults_unanswered: int = 0
    kills_by_step: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    recoveries: list[timedelta] = field(default_factory=list)
    restarts: list[timedelta] = field(default_factory=list)
    refused: int = 0
    second_orders: int = 0
    rotations: int = 0
    rotations_unanswered: int = 0
    data_keys: int = 0
    cells: int = 0
    cells_broken: int = 0
    """Cells that do not open at the end, or are not sealed with the newest data key."""
    unsettled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, Any]:
        verdict = self.verdict
        return {
            "accepted": verdict.accepted,
            "shown_once": verdict.shown_once,
            "shown_twice": verdict.shown_twice,
            "lost": verdict.lost,
            "stuck": verdict.stuck,
            "out_of_order": verdict.out_of_order,
            "keys_reused": verdict.keys_reused,
            "suppressed": verdict.suppressed,
            "failed": verdict.failed,
            "waiting_for_person": verdict.waiting_for_person,
            "second_orders": self.second_orders,
            "wire_repeats": self.wire_repeats,
            "recovered_ms_p50": percentile(self.recoveries, 50),
            "recovered_ms_p99": percentile(self.recoveries, 99),
            "kills": self.kills,
            "kills_between_write_and_ack": self.kills_unanswered,
            "messages_between_write_and_ack": self.messages_unanswered,
            "faults_between_write_and_ack": self.faults_unanswered,
            "seed": self.plan.seed,
            "phones": self.plan.phones,
            "in_doubt": self.plan.in_doubt,
            "hidden": self.plan.hidden,
            "rotations": self.rotations,
            "rotations_unanswered": self.rotations_unanswered,
            "data_keys": self.data_keys,
            "cells": self.cells,
            "cells_broken": self.cells_broken,
            "kills_by_step": dict(sorted(self.kills_by_step.items())),
        }


async def run(plan: Plan, folder: Path, clock: Clock) -> Result:
    shops = max(1, min(_MOST_SHOPS, plan.kills // _KILLS_WORTH_A_SHOP))
    parts = [plan.kills // shops + (shop < plan.kills % shops) for shop in range(shops)]
    result = Result(plan)
    async with asyncio.TaskGroup() as tasks:
        for shop, kills in enumerate(parts):
            tasks.create_task(_run_shop(plan, folder, shop, kills, clock, result))
    explained = result.messages_unanswered + result.faults_unanswered
    if result.wire_repeats > explained:
        result.broken.append(
            f"{result.wire_repeats} messages were repeated on the wire, {explained} of them with a cause"
        )
    return result


async def _run_shop(plan: Plan, folder: Path, shop: int, kills: int, clock: Clock, result: Result) -> None:
    """In every third shop half of the phones are off until the end."""
    seed = f"{plan.seed} {shop}"
    with simulator() as url:
        side = SimulatedSide(url, plan.phones, half_off=shop % _MOST_SHOPS == 0)
        kill_run = KillRun(
            folder / f"shop{shop}", side, clock, seed, plan.in_doubt, kills, plan.hidden, plan.rotate
        )
        try:
            await kill_run.run()
        except* MisbehavedError as group:
            # What it still owes is not lost by having been asked too early: nobody judges it.
            result.broken += [f"shop {seed}: {error}" for error in group.exceptions]
        else:
            _add_verdict(result, kill_run)
        _add_counts(result, kill_run)
        side.close()


def _add_verdict(result: Result, kill_run: KillRun) -> None:
    bubbles, repeats = kill_run.side.bubbles()
    evidence = Evidence(kill_run.kept.all(), bubbles, kill_run.stuck, kill_run.side.key_reuses())
    found = judge(kill_run.load.accepted, evidence)
    result.verdict += found
    result.wire_repeats += repeats
    result.broken += _sentences(result.plan, kill_run, found)
    if result.plan.rotate:
        _add_cells(result, kill_run)


def _add_cells(result: Result, kill_run: KillRun) -> None:
    """Judge the keys and cells of a closed shop: every acknowledged key is there, and every cell opens."""
    rotator, cells = kill_run.rotator, kill_run.cells
    keys, count = len(cells.data_keys()), cells.count()
    result.data_keys += keys
    result.cells += count.cells
    result.cells_broken += len(count.broken)
    result.broken += count.broken
    if not cells.resealed():
        result.broken.append("the pass over the cells was not over a minute after the last fault")
    if not 1 + rotator.rotations <= keys <= 1 + rotator.rotations + rotator.unanswered:
        result.broken.append(f"{keys} data keys after {rotator.rotations} rotations")
    result.broken += [f"a rotation was refused: {code}" for code in rotator.refused]


def _add_counts(result: Result, kill_run: KillRun) -> None:
    result.kills += len(kill_run.kills)
    result.kills_unanswered += sum(kill.unanswered > 0 for kill in kill_run.kills)
    result.messages_unanswered += sum(kill.unanswered for kill in kill_run.kills)
    result.faults_unanswered += kill_run.accounting.by_faults
    result.kills_by_step += Counter(kill.step for kill in kill_run.kills)
    result.faults += Counter(kill_run.injector.faults)
    result.recoveries += kill_run.killer.recoveries
    result.restarts += kill_run.restarts
    result.unsettled += kill_run.killer.unsettled
    result.refused += kill_run.load.refused
    result.rotations += kill_run.rotator.rotations
    result.rotations_unanswered += kill_run.rotator.unanswered
    result.second_orders += kill_run.load.second_orders
    if kill_run.killer.left_behind:
        result.broken.append(f"{kill_run.killer.left_behind} Node processes outlived their program")


def _sentences(plan: Plan, kill_run: KillRun, found: Verdict) -> Iterable[str]:
    for id_, promise in found.broken:
        if promise == SHOWN_TWICE and not plan.promises_no_twice:
            continue
        course = kill_run.event_log.courses.get(id_)
        told = course.told if course else "the program never spoke of it"
        yield f"notification {id_} {promise}: {told}"


def percentile(lengths: list[timedelta], percent: int) -> int | None:
    """The nearest rank, in whole milliseconds."""
    if not lengths:
        return None
    rank = ceil(len(lengths) * percent / 100)
    return sorted(lengths)[rank - 1] // timedelta(milliseconds=1)

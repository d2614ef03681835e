"""Killed again and again, the program loses no accepted click and shows no message twice."""

import asyncio
from pathlib import Path

import pytest

from app.adapters.system.clock import SystemClock
from tests.harness.chaos.campaign import Plan, Result, run

_KILLS = 20
_SEED = 7
_KILLS_OF_ROTATIONS = 10
_PROMISES = ("lost", "shown_twice", "stuck", "out_of_order", "keys_reused")


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.requirement("Q2")
@pytest.mark.requirement("Q4")
@pytest.mark.requirement("Q5")
@pytest.mark.requirement("K8")
def test_kills_lose_nothing_and_show_nothing_twice(tmp_path: Path) -> None:
    for result in asyncio.run(_both_settings(tmp_path)):
        figures = result.figures
        assert result.broken == []
        assert figures["kills"] == _KILLS
        assert {name: figures[name] for name in _PROMISES} == dict.fromkeys(_PROMISES, 0)
        assert figures["shown_once"] > 0
        assert figures["second_orders"] > 0
        ends = ("shown_once", "suppressed", "failed", "waiting_for_person")
        assert figures["accepted"] == sum(figures[end] for end in ends)
        causes = figures["messages_between_write_and_ack"] + figures["faults_between_write_and_ack"]
        assert figures["wire_repeats"] <= causes


async def _both_settings(folder: Path) -> list[Result]:
    """Phones that compare ids and doubts that are resent; phones that do not, and doubts that are asked about."""
    clock = SystemClock()
    plans = (Plan(_KILLS, _SEED, "dedupe", "resend"), Plan(_KILLS, _SEED, "strict", "ask"))
    return await asyncio.gather(*(run(plan, folder / plan.phones, clock) for plan in plans))


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.requirement("X3")
def test_kills_leave_every_cell_open_under_the_newest_data_key(tmp_path: Path) -> None:
    plan = Plan(_KILLS_OF_ROTATIONS, _SEED, "dedupe", "resend", rotate=True)
    result = asyncio.run(run(plan, tmp_path, SystemClock()))
    figures = result.figures
    assert result.broken == []
    assert figures["kills"] == _KILLS_OF_ROTATIONS
    assert {name: figures[name] for name in _PROMISES} == dict.fromkeys(_PROMISES, 0)
    assert figures["rotations"] > 0
    assert figures["data_keys"] > figures["rotations"]
    assert (figures["cells"] > 0, figures["cells_broken"]) == (True, 0)

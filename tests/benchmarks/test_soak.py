"""The soak runs and tells every figure and says what may not be; how fast anything is, no test asks."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.soak import faults_of, main

KEYS = {
    "messages",
    "sessions",
    "seconds",
    "memory_before_mb",
    "memory_after_mb",
    "growth_percent",
    "memory_course_mb",
    "longest_stall_ms",
    "longest_stall_busy_ms",
    "handles_before",
    "handles_after",
    "accepted",
    "lost",
    "twice",
    "wire_repeats",
    "faults",
}
GOOD: dict[str, Any] = {
    "growth_percent": {"app": 5.0, "node_1": -2.0},
    "longest_stall_ms": 200.0,
    "handles_before": {"app": 20, "node_1": 22},
    "handles_after": {"app": 20, "node_1": 22},
    "lost": 0,
    "twice": 0,
}


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_small_run_gives_every_figure(tmp_path: Path) -> None:
    main(["--messages", "30", "--sessions", "3", "--json", str(tmp_path / "figures.json")])
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert set(figures) == KEYS
    processes = {"app", "node_1", "node_2", "node_3"}
    assert set(figures["growth_percent"]) == set(figures["handles_after"]) == processes
    assert (figures["accepted"], figures["lost"], figures["twice"]) == (30, 0, 0)


@pytest.mark.parametrize(
    ("worse", "said"),
    [
        ({}, []),
        ({"growth_percent": {"app": 5.1, "node_1": 0.0}}, ["app grew by 5.1 %"]),
        ({"longest_stall_ms": 200.1}, ["the loop stood still"]),
        ({"handles_after": {"app": 21, "node_1": 22}}, []),
        ({"handles_after": {"app": 22, "node_1": 22}}, ["handles were not constant"]),
        ({"lost": 1, "twice": 2}, ["1 lost", "2 twice"]),
    ],
)
def test_what_may_not_be_is_said(worse: dict[str, Any], said: list[str]) -> None:
    assert faults_of({**GOOD, **worse}) == said

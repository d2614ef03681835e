"""The benchmark of the start runs, and its figures fit each other; how fast anything is, no test asks."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import main

TIMES = {
    "shop_first_paint",
    "shop_usable",
    "shop_processor",
    "training_first_paint",
    "training_usable",
    "training_processor",
    "headless_answer",
}


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_start_bench_gives_every_figure_when_it_runs_once(tmp_path: Path) -> None:
    main(["start", "--json", str(tmp_path / "figures.json"), "--rounds", "1", "--orders", "3"])
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    told = {"counts", "screen", "bytecode", "modules", "bare_ms", "bare_processor_ms"}
    assert set(figures) == told | {f"{one}_{unit}" for one in TIMES for unit in ("ms", "ratio")}
    assert figures["bytecode"] is True
    assert figures["shop_first_paint_ms"] <= figures["shop_usable_ms"]
    ratio = figures["headless_answer_ms"] / figures["bare_ms"]
    assert figures["headless_answer_ratio"] == pytest.approx(ratio, rel=0.05)

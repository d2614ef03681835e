"""The benchmark of the queue runs, and its figures mean what they say; how fast anything is, no test asks."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import main

KEYS = {
    "counts",
    "raw_per_s",
    "own_window1_per_s",
    "own_per_s",
    "ratio_window1",
    "ratio",
    "ratio_rounds",
    "raw_node_cpu_ms",
    "own_node_cpu_ms",
    "own_python_cpu_ms",
    "click_to_server_p50_ms",
    "click_to_server_p99_ms",
    "fsync_ms_p50",
    "own_enqueue_per_s",
    "own_claim_settle_per_s",
    "huey_enqueue_per_s",
    "huey_claim_per_s",
    "persist_queue_enqueue_per_s",
    "persist_queue_claim_ack_per_s",
}


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_small_run_gives_every_figure_and_figures_that_fit_each_other(tmp_path: Path) -> None:
    small = ["--rounds", "1", "--messages", "10", "--clicks", "3", "--rows", "10", "--customers", "6"]
    main(["queue", "--json", str(tmp_path / "figures.json"), *small])
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert set(figures) == KEYS
    assert figures["counts"]["messages"] == 10
    assert figures["ratio"] == pytest.approx(figures["own_per_s"] / figures["raw_per_s"], rel=0.05)
    assert figures["ratio_rounds"] == [figures["ratio"]]
    assert 0 < figures["click_to_server_p50_ms"] <= figures["click_to_server_p99_ms"]
    assert all(figures[key] > 0 for key in KEYS if key.endswith("_per_s") or key == "fsync_ms_p50")

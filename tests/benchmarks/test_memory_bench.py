"""The benchmark of a number's memory runs, and its figures fit each other; how much it is, no test asks."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import main


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_memory_bench_gives_every_figure_when_it_runs_once(tmp_path: Path) -> None:
    small = ["--rounds", "1", "--messages", "10", "--customers", "5", "--settle_seconds", "0"]
    main(["memory", "--json", str(tmp_path / "figures.json"), *small])
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert figures["counts"]["messages"] == 10
    assert figures["messages_per_s"] > 0
    # Node's own code is shared, so a bare one holds little alone, and a sidecar less than it occupies.
    assert 0 < figures["bare_node_uss_mb"] < figures["sidecar_idle_uss_mb"]
    assert figures["sidecar_used_uss_mb"] <= figures["sidecar_used_rss_mb"]

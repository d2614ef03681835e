"""The benchmark of growth runs and says how much dearer each act has become; how fast anything is, no test asks."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import main
from tests.benchmarks.growth import ratios_of


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_growth_benchmark_gives_every_figure_in_a_small_run(tmp_path: Path) -> None:
    small = ["--smallest=900", "--largest=1200", "--fewest_held=5", "--most_held=10", "--times=2"]
    main(["growth", "--json", str(tmp_path / "figures.json"), *small])
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert set(figures["sizes"]) == {"900", "1200"}
    assert set(figures["held"]) == {"5", "10"}
    assert set(figures["ratios"]) == set(figures["sizes"]["900"])
    assert figures["worst_ratio"] == max(figures["ratios"].values())
    assert all(0 < each["median_ms"] <= each["p99_ms"] for each in figures["sizes"]["1200"].values())


def test_ratio_of_growth_compares_the_last_size_with_the_first() -> None:
    def figures(length: float) -> dict[str, dict[str, float]]:
        return {"act": {"median_ms": length, "p99_ms": 9.0}, "other": {"median_ms": 0.001, "p99_ms": 1.0}}

    assert ratios_of({1: figures(2.0), 10: figures(99.0), 100: figures(5.0)}) == {"act": 2.5, "other": 0.02}

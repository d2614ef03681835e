"""The benchmark of the screen runs, and its figures fit each other; how fast anything is, no test asks."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import main

SMALL = {"orders": 700, "today": 20, "messages": 20, "keys": 5, "ticks": 10, "searches": 1}


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_screen_bench_gives_every_figure_when_the_shop_is_small(tmp_path: Path) -> None:
    small = [word for name, count in SMALL.items() for word in (f"--{name}", str(count))]
    main(["screen", "--json", str(tmp_path / "figures.json"), *small])
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert figures["counts"] == SMALL
    hands = {f"{each}_arrow_{share}_ms" for each in ("today", "all", "bare") for share in ("p50", "p99")}
    frames = {f"{each}_scroll_frame_p99_ms" for each in ("today", "all", "bare")}
    stalls = {"today_stall_ms", "all_stall_ms", "all_load_stall_ms", "first_search_stall_ms"}
    assert hands | frames | stalls | {"today_usable_ms", "app_uss_mb"} <= set(figures)
    assert all(figures[name] >= 0 for name in figures if name.endswith(("_ms", "_mb", "_ratio")))
    assert figures["all_usable_ms"] <= figures["all_listed_ms"]
    assert figures["search_p50_ms"] <= figures["search_p99_ms"]
    both = figures["app_uss_mb"] + figures["sidecar_uss_mb"]
    assert figures["app_and_sidecar_uss_mb"] == pytest.approx(both, abs=0.2)
    assert figures["today_arrow_p50_ratio"] > 0

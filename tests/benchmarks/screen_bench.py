"""Measures the screen of a shop with a long history: opening, keys, wheel, stalls of the loop and memory."""

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.benchmarks.screen_counts import ScreenCounts
from tests.benchmarks.screen_shop import fill_shop
from tests.harness.running_app import MASTER_KEY, ROOT

_PATIENCE: Final = 1800
_BESIDE: Final = {
    "today_arrow_p50": "bare_arrow_p50",
    "all_arrow_p50": "bare_arrow_p50",
    "all_arrow_p99": "bare_arrow_p99",
    "today_scroll_frame_p99": "bare_scroll_frame_p99",
    "all_scroll_frame_p99": "bare_scroll_frame_p99",
}


def measure_screen(counts: ScreenCounts) -> dict[str, Any]:
    """Return milliseconds, megabytes, and ratios to a bare list in the same process."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place)
        asyncio.run(fill_shop(folder, counts.orders, counts.today))
        told = _probed(folder, counts)
    figures = {name: round(each, 1) if isinstance(each, float) else each for name, each in told.items()}
    ratios = {
        f"{ours}_ratio": round(told[f"{ours}_ms"] / told[f"{bare}_ms"], 2) for ours, bare in _BESIDE.items()
    }
    return {"counts": asdict(counts), "load": round(os.getloadavg()[0], 1), **figures, **ratios}


def _probed(folder: Path, counts: ScreenCounts) -> dict[str, Any]:
    """A process of its own, so that its memory is the window's alone."""
    screen = {} if "DISPLAY" in os.environ else {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.benchmarks.screen_probe", str(folder), json.dumps(asdict(counts))]
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=_PATIENCE,
        cwd=ROOT,
        env={**os.environ, **screen, "COCO_MASTER_KEY": MASTER_KEY},
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told

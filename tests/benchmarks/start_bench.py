"""Measures the starts of the program beside a bare interpreter that imports the two largest libraries."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from app.adapters.system.clock import SystemClock
from tests.benchmarks.figures import middle
from tests.harness.running_app import MASTER_KEY, ROOT

_PROBE: Final = ROOT / "tests" / "benchmarks" / "start_probe.py"
_BARE: Final = (
    "import PySide6.QtCore, PySide6.QtGui, PySide6.QtWidgets, sqlalchemy, time; print(time.process_time())"
)
_PATIENCE: Final = 120


@dataclass(frozen=True, slots=True)
class StartCounts:
    """How often each start is measured, and how many orders the shop has."""

    rounds: int = 7
    orders: int = 150


@dataclass(frozen=True, slots=True)
class Starts:
    """Starts of the program, whose folders and environment lie in `place`."""

    place: Path

    @property
    def environment(self) -> dict[str, str]:
        """Bytecode is written and read; nothing of the person who measures is touched."""
        ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        own = {"XDG_STATE_HOME": str(self.place / "state"), "XDG_CACHE_HOME": str(self.place / "cache")}
        screen = {} if "DISPLAY" in ours else {"QT_QPA_PLATFORM": "offscreen"}
        return {**ours, **own, **screen, "COCO_MASTER_KEY": MASTER_KEY}

    @property
    def shop(self) -> Path:
        return self.place / "shop"

    def fill_shop(self, orders: int) -> None:
        """Type these orders into a shop that has never been paired."""
        given = [
            {"command": "order", "order_id": f"7f3c1f60-0000-4000-8000-{number:012d}", "number": number}
            | {"name": f"Ana {number}", "phone": f"73 98811-{number:04d}", "total": "10.00"}
            for number in range(1, orders + 1)
        ]
        lines = "".join(f"{json.dumps(one)}\n" for one in (*given, {"command": "quit"}))
        command = [sys.executable, "main.py", "--headless", "--data-dir", str(self.shop)]
        subprocess.run(
            command, input=lines, text=True, capture_output=True, check=True, **self._surroundings()
        )

    def bare(self) -> dict[str, float]:
        began = _now()
        command = [sys.executable, "-c", _BARE]
        done = subprocess.run(command, capture_output=True, check=True, **self._surroundings())
        return {"ms": (_now() - began) * 1000, "processor_ms": float(done.stdout) * 1000}

    def window(self) -> dict[str, Any]:
        return self._probed("--data-dir", str(self.shop))

    def training(self) -> dict[str, Any]:
        """In a new folder each time, for a training goes on with no other's."""
        with TemporaryDirectory(dir=self.place, ignore_cleanup_errors=True) as folder:
            return self._probed("--demo", "--data-dir", folder)

    def headless(self) -> dict[str, float]:
        """Until the first question is answered."""
        began = _now()
        command = [sys.executable, "main.py", "--headless", "--data-dir", str(self.shop)]
        with _child(command, self._surroundings()) as child:
            assert child.stdin
            assert child.stdout
            child.stdin.write('{"command":"status","id":1}\n{"command":"quit"}\n')
            child.stdin.flush()
            answered = next(_now() for line in child.stdout if '"id": 1' in line)
            child.communicate(timeout=_PATIENCE)
        return {"ms": (answered - began) * 1000}

    def _probed(self, *arguments: str) -> dict[str, Any]:
        command = [sys.executable, str(_PROBE), str(_now()), *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=_PATIENCE, **self._surroundings()
        )
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def _surroundings(self) -> dict[str, Any]:
        return {"env": self.environment, "cwd": ROOT}


def measure_start(counts: StartCounts) -> dict[str, Any]:
    """Return medians in milliseconds, and each start's ratio to the bare interpreter of the same round."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as place:
        starts = Starts(Path(place))
        starts.fill_shop(counts.orders)
        ways: Mapping[str, Callable[[], dict[str, Any]]] = {
            "bare": starts.bare,
            "shop": starts.window,
            "training": starts.training,
            "headless": starts.headless,
        }
        for way in ways.values():
            # Once unmeasured: it writes the bytecode and Node's compiled code, and fills the page cache.
            way()
        rounds = [{name: way() for name, way in ways.items()} for _ in range(counts.rounds)]
        screen = starts.environment.get("QT_QPA_PLATFORM", "display")
    times = {
        "bare_ms": [one["bare"]["ms"] for one in rounds],
        "shop_first_paint_ms": [one["shop"]["first_paint_ms"] for one in rounds],
        "shop_usable_ms": [one["shop"]["usable_ms"] for one in rounds],
        "training_first_paint_ms": [one["training"]["first_paint_ms"] for one in rounds],
        "training_usable_ms": [one["training"]["usable_ms"] for one in rounds],
        "headless_answer_ms": [one["headless"]["ms"] for one in rounds],
    }
    processor = {name: [one[name]["processor_ms"] for one in rounds] for name in ("bare", "shop", "training")}
    return {
        "counts": asdict(counts),
        "screen": screen,
        "bytecode": _has_bytecode(rounds[0]["shop"]["modules"]),
        "modules": len(rounds[0]["shop"]["modules"]),
        **{name: middle(each, 1) for name, each in times.items()},
        **{f"{name}_processor_ms": middle(each, 1) for name, each in processor.items()},
        **_ratios(times, "bare_ms"),
        **_ratios({f"{name}_processor_ms": each for name, each in processor.items()}, "bare_processor_ms"),
    }


def _ratios(times: Mapping[str, Sequence[float]], bare: str) -> dict[str, float]:
    """Each one's ratio to the bare interpreter's, round by round."""
    return {
        f"{name.removesuffix('_ms')}_ratio": middle(a / b for a, b in zip(each, times[bare], strict=True))
        for name, each in times.items()
        if name != bare
    }


@contextmanager
def _child(command: list[str], options: Mapping[str, Any]) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        command,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        **options,
    ) as child:
        try:
            yield child
        finally:
            if child.poll() is None:
                child.kill()


def _has_bytecode(modules: Sequence[str]) -> bool:
    """Whether every module of the program that a start loads had its bytecode beside it."""
    paths = [ROOT.joinpath(*name.split(".")) for name in modules if name.startswith("app.")]
    sources = [path / "__init__.py" if path.is_dir() else path.with_suffix(".py") for path in paths]
    return all(Path(importlib.util.cache_from_source(str(source))).exists() for source in sources)


def _now() -> float:
    """Seconds of the steady clock, which all processes share."""
    return SystemClock().steady().total_seconds()

"""`poe fuzz`: feeds each door for a share of the time, and ends with 1 where something was not dealt with."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.fuzz.runs import Goes, Outcome, goes_for, run_lines, run_messages
from tests.fuzz.wire_runs import run_config, run_wire

Run = Callable[[int, Goes, Path], Outcome]

_DOORS: Final[tuple[tuple[str, Run, float], ...]] = (
    ("lines on stdin", lambda seed, goes, _: run_lines(seed, goes), 0.3),
    ("messages of customers", run_messages, 0.4),
    ("lines of the sidecar", lambda seed, goes, _: run_wire(seed, goes), 0.2),
    ("config.toml", run_config, 0.1),
)


def _tell(name: str, outcome: Outcome) -> None:
    answers = ", ".join(f"{word} {count}" for word, count in outcome.answers.most_common(12))
    sys.stdout.write(f"{name}: {outcome.count}, not dealt with {len(outcome.unhandled)} ({answers})\n")
    for each in outcome.unhandled[:10]:
        sys.stdout.write(f"  {ascii(each)[:400]}\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="poe fuzz")
    parser.add_argument("--seconds", type=float, default=600 if os.environ.get("FULL") else 60)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    handled = [_fed(name, run, asked.seed, asked.seconds * share) for name, run, share in _DOORS]
    sys.exit(0 if all(handled) else 1)


def _fed(name: str, run: Run, seed: int, seconds: float) -> bool:
    with TemporaryDirectory() as folder:
        outcome = run(seed, goes_for(seconds), Path(folder))
    _tell(name, outcome)
    return not outcome.unhandled


if __name__ == "__main__":
    main()

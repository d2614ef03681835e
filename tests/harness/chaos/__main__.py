"""The command `poe chaos`: kills, counts, and ends with 1 where a promise is broken."""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from app.adapters.system.clock import SystemClock
from tests.harness.chaos.campaign import Plan, Result, percentile, run


def main() -> int:
    wanted = _arguments()
    in_doubt = wanted.in_doubt or ("ask" if wanted.phones == "strict" else "resend")
    plan = Plan(wanted.kills, wanted.seed, wanted.phones, in_doubt, wanted.hidden, wanted.rotate)
    clock = SystemClock()
    begun = clock.steady()
    folder = Path(tempfile.mkdtemp(prefix="coco-chaos-"))
    result = asyncio.run(run(plan, folder, clock))
    if not result.broken:
        shutil.rmtree(folder)
    seconds = (clock.steady() - begun).total_seconds()
    for line in _lines(result, seconds, folder):
        sys.stderr.write(line + "\n")
    _tell_figures(result, wanted.json)
    return 1 if result.broken else 0


def _lines(result: Result, seconds: float, folder: Path) -> list[str]:
    """Return the report for people, with the parts that are not in the figures."""
    verdict = result.verdict
    lines = [
        f"{result.kills} kills in {seconds:.0f} s; {len(result.recoveries)} recoveries measured",
        f"from a start of the program to its connection: {_spread(result.restarts)} ms",
        f"other faults: {_counted(result.faults)}; clicks refused: {result.refused}",
        f"not shown because: {_counted(verdict.reasons)}",
        *(f"not recovered while it was watched: {one}" for one in result.unsettled),
        *result.broken,
    ]
    return [*lines, f"everything is kept in {folder}"] if result.broken else lines


def _spread(lengths: list[timedelta]) -> str:
    return f"{percentile(lengths, 50)} (p50), {percentile(lengths, 99)} (p99)"


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"


def _tell_figures(result: Result, where: str | None) -> None:
    figures = result.figures
    if where is None:
        for name, value in figures.items():
            sys.stdout.write(f"{name}: {value}\n")
    elif where == "-":
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        Path(where).write_text(json.dumps(figures) + "\n", "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="poe chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=40, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument(
        "--phones",
        choices=("dedupe", "strict"),
        default="dedupe",
        help="one bubble per message id (default), or one per message that was decrypted",
    )
    parser.add_argument(
        "--in-doubt", choices=("resend", "ask"), help="the setting; resend, with strict phones ask"
    )
    parser.add_argument(
        "--hidden",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="share of the customers who hide their number, 0 to 1 (default 0); half of their orders have none",
    )
    parser.add_argument(
        "--rotate",
        action="store_true",
        help="rotate the data key at random moments beside the kills; at the end every cell has to open",
    )
    parser.add_argument(
        "--json", nargs="?", const="-", metavar="FILE", help="the figures as JSON, on stdout or in FILE"
    )
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())

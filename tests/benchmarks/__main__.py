"""`poe bench WHAT --json FILE`: runs one of the benchmarks and writes its figures."""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from tests.benchmarks import growth, memory_bench, queue_bench, screen_bench, screen_counts, start_bench

# Each has a dataclass of its counts, which are its options, and measures with them.
_BENCHMARKS: dict[str, tuple[type[Any], Callable[[Any], dict[str, Any]]]] = {
    "queue": (queue_bench.Counts, queue_bench.measure),
    "start": (start_bench.StartCounts, start_bench.measure_start),
    "growth": (growth.GrowthCounts, growth.measure_growth),
    "screen": (screen_counts.ScreenCounts, screen_bench.measure_screen),
    "memory": (memory_bench.MemoryCounts, memory_bench.measure_memory),
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="poe bench")
    benchmarks = parser.add_subparsers(dest="what", required=True)
    for name, (counts, _) in _BENCHMARKS.items():
        benchmark = benchmarks.add_parser(name)
        benchmark.add_argument("--json", type=Path, metavar="FILE")
        for count in fields(counts):
            benchmark.add_argument(f"--{count.name}", type=int, default=count.default)
    asked = parser.parse_args(arguments)
    # Each attempt is logged; here nobody reads it.
    logging.getLogger().addHandler(logging.NullHandler())
    counts, measure = _BENCHMARKS[asked.what]
    figures = measure(counts(**{count.name: getattr(asked, count.name) for count in fields(counts)}))
    text = json.dumps(figures, indent=2)
    if asked.json:
        asked.json.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()

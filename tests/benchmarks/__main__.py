"""`poe bench queue --json FILE`: runs one of the benchmarks and writes its figures."""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from tests.benchmarks.queue_bench import Counts, measure


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="poe bench")
    parser.add_argument("what", choices=["queue"])
    parser.add_argument("--json", type=Path, metavar="FILE")
    for count in fields(Counts):
        parser.add_argument(f"--{count.name}", type=int, default=count.default)
    asked = parser.parse_args(arguments)
    # Each attempt is logged; here nobody reads it.
    logging.getLogger().addHandler(logging.NullHandler())
    counts = Counts(**{count.name: getattr(asked, count.name) for count in fields(Counts)})
    text = json.dumps(measure(counts), indent=2)
    if asked.json:
        asked.json.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()

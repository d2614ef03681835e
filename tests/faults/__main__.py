"""`poe faults`: plays every fault, prints the table, and ends with 1 if a row is red; `--write` writes the page."""

import argparse
import asyncio
import logging
import sys

from tests.faults.stage import set_stage
from tests.faults.table import PAGE, TRIALS, Played, page, played
from tests.faults.trial import Trial


async def _play(trials: list[Trial]) -> list[Played]:
    rows = []
    async with set_stage() as stage:
        for trial in trials:
            rows.append(await played(stage, trial))
            sys.stdout.write(f"{rows[-1]}\n")
            sys.stdout.flush()
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="poe faults")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
    parser.add_argument("--only", default="", help="the rows of this fault, as C5")
    asked = parser.parse_args()
    # What the sidecar complains of is part of each fault.
    logging.getLogger().addHandler(logging.NullHandler())
    rows = asyncio.run(_play([trial for trial in TRIALS if asked.only in ("", trial.fault)]))
    red = [each for each in rows if each.seen is None]
    sys.stdout.write(f"{len(rows) - len(red)} green, {len(red)} red\n")
    if asked.write and not asked.only:
        PAGE.write_text(page(rows), encoding="utf-8")
    if red:
        sys.exit(1)


if __name__ == "__main__":
    main()

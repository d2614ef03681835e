"""Command `uv run poe power-cuts --cuts 200 --seed 7 [--json] [--careless]`: promises kept after the cuts."""

import argparse
import json
import sys

from tests.harness.power.journal import can_record
from tests.harness.power.trial import DurabilityReport, power_cuts


def main() -> int:
    """Return 0 if no cut broke a promise, else 1."""
    arguments = argparse.ArgumentParser(prog="power-cuts")
    arguments.add_argument("--cuts", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument(
        "--careless", action="store_true", help="without full synchronisation, to see the loss"
    )
    asked = arguments.parse_args()
    if not can_record():
        sys.stderr.write("power-cuts needs Linux and a C compiler\n")
        return 2
    report = power_cuts(asked.cuts, asked.seed, careless=asked.careless)
    sys.stdout.write((as_json(report) if asked.json else as_text(report)) + "\n")
    return 1 if report.faults else 0


def as_json(report: DurabilityReport) -> str:
    return json.dumps(
        {
            "cuts": report.cuts,
            "second_cuts": report.second_cuts,
            "moments": report.moments,
            "promises_checked": report.promises,
            "promises_lost": report.lost,
            "cuts_with_faults": report.failed,
            "faults": report.faults,
        }
    )


def as_text(report: DurabilityReport) -> str:
    moments = [f"{count:5} cuts {moment}" for moment, count in report.moments.items()]
    cuts = f"{report.cuts} cuts, {report.second_cuts} more in the mornings after them"
    lost = f"{report.lost} of {report.promises} promises lost"
    return "\n".join((*report.faults, *moments, f"{cuts}: {lost}, something wrong after {report.failed}"))


if __name__ == "__main__":
    sys.exit(main())

"""`uv run poe power-cuts --cuts 200 --seed 7 [--json] [--careless]`: what the shop has left after so many cuts."""

import argparse
import json
import sys

from tests.simulators.power.journal import can_record
from tests.simulators.power.trial import Reckoning, power_cuts


def main() -> int:
    """0 where nothing was wrong after any cut."""
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
    reckoning = power_cuts(asked.cuts, asked.seed, careless=asked.careless)
    sys.stdout.write((as_json(reckoning) if asked.json else as_text(reckoning)) + "\n")
    return 1 if reckoning.faults else 0


def as_json(reckoning: Reckoning) -> str:
    return json.dumps(
        {
            "cuts": reckoning.cuts,
            "second_cuts": reckoning.second_cuts,
            "moments": reckoning.moments,
            "promises_checked": reckoning.promises,
            "promises_lost": reckoning.lost,
            "cuts_with_faults": reckoning.failed,
            "faults": reckoning.faults,
        }
    )


def as_text(reckoning: Reckoning) -> str:
    moments = [f"{count:5} cuts {moment}" for moment, count in reckoning.moments.items()]
    cuts = f"{reckoning.cuts} cuts, {reckoning.second_cuts} more in the mornings after them"
    lost = f"{reckoning.lost} of {reckoning.promises} promises lost"
    return "\n".join(
        (*reckoning.faults, *moments, f"{cuts}: {lost}, something wrong after {reckoning.failed}")
    )


if __name__ == "__main__":
    sys.exit(main())

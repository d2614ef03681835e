"""`poe fuzz`: feeds both doors for half of the time each, and ends with 1 where something was not dealt with."""

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.runs import Outcome, goes_for, run_lines, run_messages


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
    lines = run_lines(asked.seed, goes_for(asked.seconds / 2))
    _tell("lines on stdin", lines)
    with TemporaryDirectory() as folder:
        messages = run_messages(asked.seed, goes_for(asked.seconds / 2), Path(folder))
    _tell("messages of customers", messages)
    if lines.unhandled or messages.unhandled:
        sys.exit(1)


if __name__ == "__main__":
    main()

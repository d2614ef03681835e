"""Seconds that each test file takes in a run, and the list of the slow ones in quality.md."""

import re
from collections import defaultdict
from pathlib import Path

SLOW_SECONDS = 60.0
ROOT = Path(__file__).resolve().parent.parent.parent
QUALITY = ROOT / "resources" / "docs" / "quality.md"
_HEADING = "## Slow test files"


class FileDurations:
    """Sum of the durations of set-up, call and teardown, for each test file."""

    def __init__(self) -> None:
        self._seconds = defaultdict[str, float](float)

    def add(self, node_id: str, seconds: float) -> None:
        self._seconds[node_id.partition("::")[0]] += seconds

    def slow_files(self, listed: set[str]) -> list[str]:
        """Return one line for each file over the limit, slowest first, with a word where no list gives its reason."""
        slow = [(seconds, file) for file, seconds in self._seconds.items() if seconds > SLOW_SECONDS]
        return [
            f"{seconds:.0f} s: {file}{'' if file in listed else ', which is missing in quality.md'}"
            for seconds, file in sorted(slow, reverse=True)
        ]


def listed_slow_files(quality: str) -> set[str]:
    """Return the files that the list in quality.md names, each with its reason."""
    section = quality.partition(f"{_HEADING}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `(tests/\S+\.py)` \| [^|]+ \| [^|]{20,} \|$", section, re.MULTILINE))

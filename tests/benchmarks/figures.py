"""What is measured, and how several rounds become one figure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Round:
    """`count` messages in `seconds`; the processor's time is in milliseconds a message."""

    count: int
    seconds: float
    python_ms: float = 0.0
    node_ms: float = 0.0

    @property
    def rate(self) -> float:
        return self.count / self.seconds


def middle(figures: Iterable[float], digits: int = 3) -> float:
    return round(median(figures), digits)


def percentile(figures: Sequence[float], share: float) -> float:
    """The smallest figure that `share` of all do not exceed."""
    ordered = sorted(figures)
    return round(ordered[max(math.ceil(share * len(ordered)) - 1, 0)], 3)

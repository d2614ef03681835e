"""Sealing anew what an older format or an older data key sealed, a batch at a time."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ResealPlace:
    """How far a pass has come: the table by its number, and the key of its last row; only the store reads it."""

    table: int = 0
    last_key: tuple[object, ...] = ()


class SealingRows(Protocol):
    """A pass begins at the first `ResealPlace()`; where it was broken off, the next one begins there again."""

    def outdated(self) -> bool:
        """Whether there may be cells of an older format or an older data key."""
        ...

    def reseal(self, place: ResealPlace, limit: int) -> ResealPlace | None:
        """Look at up to `limit` rows and seal their outdated cells anew; the place to go on from.

        None once the pass is over: from then on the former format does not open any more.
        """
        ...

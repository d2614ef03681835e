"""Resealing of cells that an older format or an older data key sealed, in batches."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ResealPlace:
    """Cursor of a pass: the table by its number, and the key of its last row; only the store reads it."""

    table: int = 0
    last_key: tuple[object, ...] = ()
    sealing: str = ""
    """Format version and data key under which the pass began."""


class SealingRows(Protocol):
    """A pass begins at the first `ResealPlace()`; after an interruption the next one begins there again."""

    def outdated(self) -> bool:
        """Return whether there may be cells of an older format or an older data key."""
        ...

    def reseal(self, place: ResealPlace, limit: int) -> ResealPlace | None:
        """Reseal the outdated cells of up to `limit` rows; return the cursor.

        A change of the data key begins the pass anew. None once it is over: from then on the former format can no
        longer be opened.
        """
        ...

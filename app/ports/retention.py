"""Letting go of what is kept no longer, a batch at a time."""

from datetime import datetime
from typing import Final, Protocol

ERASING: Final = "erasing"
"""The setting that is not empty while something is being erased in several transactions: no copy is made then."""


class RetentionRows(Protocol):
    """Never touches an unfinished notification, nor an order that has one, nor an opt-out (X6)."""

    def date(self, at: datetime, unsure: datetime, limit: int) -> int:
        """Write down for up to `limit` rows that they were there at `at`; how many there were.

        Those that have no such date yet, and those whose date lies after `unsure`: they were dated by a time that was
        not certain.
        """
        ...

    def empty(self, before: datetime, at: datetime, limit: int) -> int:
        """Take numbers, names and texts out of up to `limit` notifications last moved, orders made, replies received
        and consents given before then, all of them dated before then; what they say of a time after `at` is no age.

        Returns how many rows were emptied; 0 when nothing is left to empty.
        """
        ...

    def delete(self, before: datetime, at: datetime, limit: int) -> int:
        """Remove up to `limit` rows as old as that, cached numbers and heard words too; how many were removed."""
        ...

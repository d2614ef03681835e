"""Retention of stored data: erasing what is too old, in batches."""

from datetime import datetime
from typing import Final, Protocol

ERASING: Final = "erasing"
"""Setting that is not empty while an erasure takes several transactions: no copy is made then."""


class RetentionRows(Protocol):
    """Never touches an unfinished notification, nor an order that has one, nor an opt-out (X6)."""

    def date(self, at: datetime, unsure: datetime, limit: int) -> int:
        """Record for up to `limit` rows that they existed at `at`; return the number of rows.

        Covers rows without such a date, and those with a date after `unsure`: they were dated by a time that was not
        certain.
        """
        ...

    def empty(self, before: datetime, at: datetime, limit: int) -> int:
        """Erase numbers, names and texts of up to `limit` old rows; return their number, 0 at the end.

        These are notifications last changed, orders made, replies received and consents given before then, all of them
        dated before then; a moment of theirs after `at` is no age.
        """
        ...

    def delete(self, before: datetime, at: datetime, limit: int) -> int:
        """Delete up to `limit` rows as old as that, cached numbers and opt-out words too; return their number."""
        ...

"""Rows of the audit log."""

from collections.abc import Sequence
from typing import Protocol

from app.domain.audit import AuditEntry


class AuditRows(Protocol):
    def add(self, entry: AuditEntry) -> None: ...

    def after(self, number: int | None, limit: int) -> Sequence[AuditEntry]:
        """Return up to `limit` readable entries with a greater number, or the first ones, in order.

        Empty only where no readable entry is left.
        """
        ...

    def last_number(self) -> int:
        """Return the greatest number, also of an unreadable entry; 0 without entries."""
        ...

    def latest(self, limit: int) -> Sequence[AuditEntry]:
        """Return the latest readable entries, newest first."""
        ...

"""Rows of the audit log."""

from collections.abc import Sequence
from typing import Protocol

from app.domain.audit import AuditEntry


class AuditRows(Protocol):
    def add(self, entry: AuditEntry) -> None: ...

    def after(self, number: int, limit: int) -> Sequence[AuditEntry]:
        """Return up to `limit` readable entries with a greater number, in order."""
        ...

    def latest(self, limit: int) -> Sequence[AuditEntry]:
        """Return the latest readable entries, newest first."""
        ...

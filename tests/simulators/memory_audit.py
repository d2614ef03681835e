"""Audit log in the store in memory."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain.audit import AuditEntry

if TYPE_CHECKING:
    from tests.simulators.memory_tables import Tables


class MemoryAuditRows:
    def __init__(self, tables: "Tables") -> None:
        self._rows = tables.audit_log

    def add(self, entry: AuditEntry) -> None:
        self._rows[entry.number] = entry

    def after(self, number: int | None, limit: int) -> Sequence[AuditEntry]:
        return [self._rows[each] for each in sorted(self._rows) if number is None or each > number][:limit]

    def last_number(self) -> int:
        return max(self._rows, default=0)

    def latest(self, limit: int) -> Sequence[AuditEntry]:
        return [self._rows[each] for each in sorted(self._rows, reverse=True)][:limit]

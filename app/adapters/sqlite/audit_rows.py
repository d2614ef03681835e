"""Rows of the audit log."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.audit import AuditEntry, AuditEvent


class SqlAuditRows:
    """Audit entries in SQL, by number; an unreadable one is skipped, and missing in the chain."""

    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        self._connection, self._rows = connection, given.tables.audit_log
        rows = self._rows.c
        self._columns = (rows.number, rows.at, rows.act, rows.actor, rows.result, rows.mac)
        self._check = RowCheck(self._rows.name, self._columns, given.cells)

    def add(self, entry: AuditEntry) -> None:
        event = entry.event
        values = {
            "number": entry.number,
            "at": event.at,
            "act": event.act,
            "actor": event.actor.value,
            "result": event.result.value,
            "mac": entry.mac,
        }
        self._connection.execute(insert(self._rows), values)

    def after(self, number: int | None, limit: int) -> Sequence[AuditEntry]:
        rows = select(*self._columns).order_by(self._rows.c.number).limit(limit)
        if number is not None:
            rows = rows.where(self._rows.c.number > number)
        passed = 0
        while not (page := self._read(rows.offset(passed))) and self._has_row(rows.offset(passed)):
            # A page of unreadable rows alone is not the end of the log.
            passed += limit
        return page

    def last_number(self) -> int:
        last: int | None = self._connection.execute(select(func.max(self._rows.c.number))).scalar()
        return last or 0

    def latest(self, limit: int) -> Sequence[AuditEntry]:
        return self._read(select(*self._columns).order_by(self._rows.c.number.desc()).limit(limit))

    def _has_row(self, entries: Select[Any]) -> bool:
        return self._connection.execute(entries.limit(1)).first() is not None

    def _read(self, entries: Select[Any]) -> list[AuditEntry]:
        found = self._connection.execute(entries)
        return [
            AuditEntry(row[0], AuditEvent(*row[1:5]), row[5])
            for row in found
            if self._check.reads(row, row[0])
        ]

"""What every Store promises about the audit log."""

from datetime import timedelta

import pytest

from app.domain.audit import Actor, AuditEntry, AuditEvent, AuditResult
from tests.contracts.asked_store import NOW, Asked

ENTRIES = [
    AuditEntry(
        number,
        AuditEvent(NOW + timedelta(microseconds=number), f"act_{number}", actor, result),
        bytes([number]) * 32,
    )
    for number, (actor, result) in enumerate([(a, r) for a in Actor for r in AuditResult], 1)
]


class AuditEntries:
    @pytest.mark.requirement("X5")
    def test_audit_entries_come_back_exactly_and_in_order(self, asked: Asked) -> None:
        for each in ENTRIES[::-1]:
            asked.transact(lambda rows, each=each: rows.audit.add(each))  # type: ignore[misc]
        assert asked.read(lambda rows: rows.audit.after(None, 100)) == ENTRIES
        assert asked.read(lambda rows: rows.audit.after(2, 3)) == ENTRIES[2:5]
        assert asked.read(lambda rows: rows.audit.latest(2)) == ENTRIES[:-3:-1]
        assert asked.read(lambda rows: rows.audit.last_number()) == len(ENTRIES)

    @pytest.mark.requirement("X5")
    def test_audit_log_without_entries_has_no_last_number(self, asked: Asked) -> None:
        assert asked.read(lambda rows: (rows.audit.last_number(), rows.audit.after(None, 9))) == (0, [])

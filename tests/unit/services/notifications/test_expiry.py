"""Expiry: rows that stay unfinished for the whole retention end, as old as their content is."""

from dataclasses import replace

import pytest

from app.domain.lease import Lease
from app.domain.notification import Notification, State, Suppression
from app.services.notifications.expiry import DOUBT_EXPIRED, end_expired
from tests.contracts.asked_store import LATER, NOW, Asked, owed
from tests.simulators.memory_store import MemoryStore

pytestmark = pytest.mark.requirement("X6")
LONG_AGO = NOW - 2 * LATER
ENDED_LEASE = Lease("1/a/b", LONG_AGO)


def expired(*rows: Notification, limit: int = 9) -> tuple[int, list[Notification]]:
    """How many were ended, and every row after that."""
    asked = Asked(MemoryStore())
    for row in rows:
        asked.add(row)
        asked.save(row)
    count = asked.transact(lambda stored: end_expired(stored, NOW - LATER, NOW, limit))
    read = asked.read(lambda stored: [stored.notifications.get(row.id) for row in rows])
    return count, [row for row in read if row]


def test_doubt_that_expired_fails_without_its_lease_at_its_last_change() -> None:
    row = owed(state=State.IN_DOUBT, lease=ENDED_LEASE, seq=1, changed_at=LONG_AGO)
    failed = replace(row, state=State.FAILED, reason=DOUBT_EXPIRED, lease=None)
    assert expired(row) == (1, [failed])


def test_pending_row_that_expired_is_stale_since_it_was_made() -> None:
    row = owed(lease=ENDED_LEASE, seq=1, created_at=LONG_AGO)
    stale = replace(row, state=State.SUPPRESSED, reason=Suppression.STALE, lease=None, changed_at=LONG_AGO)
    assert expired(row) == (1, [stale])


def test_expiry_ends_no_more_rows_than_its_limit_and_none_that_is_newer() -> None:
    rows = [owed(f"o{n}", seq=n, created_at=LONG_AGO) for n in (1, 2)]
    newer = owed("o3", seq=3, created_at=NOW - LATER)
    count, after = expired(*rows, newer, limit=1)
    assert (count, [row.state for row in after]) == (1, [State.SUPPRESSED, State.PENDING, State.PENDING])

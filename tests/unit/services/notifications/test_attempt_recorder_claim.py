"""Attempt recorder: which of the due rows one claim starts, in which order."""

from collections.abc import Set
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.contact import Contact
from app.domain.lease import Lease
from app.domain.notification import Notification, State, Suppression
from app.domain.phone import Phone
from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import Eligibility
from app.domain.stage_policy import TIME_TO_LIVE
from app.services.notifications.attempt_recorder import AttemptRecorder, ClaimRequest, ClaimResult
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, Asked, owed
from tests.simulators.memory_store import MemoryStore

CARLA = Phone("+5571977776666")
RECORDER, LEASE = AttemptRecorder("me", QueuePolicy, MAIN), Lease("me", NOW + LATER)
FIRST, SECOND, THIRD = owed("o1", seq=1), owed("o2", phone=BIA, seq=2), owed("o3", phone=CARLA, seq=3)
STALE = replace(FIRST, stage_at=NOW - TIME_TO_LIVE - timedelta(seconds=1))


def claimed(
    *rows: Notification, limit: int = 9, known: Set[Phone] = frozenset(), prepared: Set[Phone] = frozenset()
) -> tuple[Asked, ClaimResult]:
    """The result of one claim from a store with these rows, whose other customers were never written to."""
    asked = Asked(MemoryStore())
    for row in rows:
        asked.add(row)
        asked.save(row)
    for phone in known:
        contact = Contact(MAIN, first_sent_at=NOW - LATER)
        asked.transact(lambda kept, p=phone, c=contact: kept.contacts.save(p, c))  # type: ignore[misc]
    request = ClaimRequest(limit, Eligibility(MAIN), LEASE, prepared)
    return asked, asked.transact(lambda kept: RECORDER.claim(kept, request, NOW))


def started(result: ClaimResult) -> list[tuple[object, bool]]:
    return [(each.notification.phone, each.cold) for each in result.started]


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("limit", [2, 3, 9])
def test_claim_starts_one_first_contact_and_the_known_customers_behind(limit: int) -> None:
    asked, result = claimed(FIRST, SECOND, THIRD, limit=limit, known={CARLA})
    assert started(result) == [(ANA, True), (CARLA, False)]
    assert asked.read(lambda rows: rows.notifications.get(SECOND.id)) == SECOND


def test_claim_starts_no_more_than_its_limit() -> None:
    _, result = claimed(FIRST, SECOND, THIRD, limit=2, known={ANA, BIA, CARLA})
    assert started(result) == [(ANA, False), (BIA, False)]
    _, result = claimed(FIRST, SECOND, limit=1, known={BIA})
    assert started(result) == [(ANA, True)]
    assert claimed(FIRST, limit=0)[1] == ClaimResult([], [])


@pytest.mark.requirement("A3", "X2")
def test_claim_of_a_suppressed_row_is_no_first_contact() -> None:
    asked, result = claimed(STALE, SECOND)
    assert started(result) == [(BIA, True)]
    stale = STALE.suppressed(Suppression.STALE, NOW)
    assert result.suppressed == [stale]
    assert asked.read(lambda rows: rows.notifications.get(STALE.id)) == stale


@pytest.mark.requirement("Q4")
def test_claim_marks_a_prepared_row_as_on_the_wire() -> None:
    _, result = claimed(FIRST, SECOND, known={ANA, BIA}, prepared={BIA})
    rows = [each.notification for each in result.started]
    assert [(row.state, row.sending_at, row.on_wire_at) for row in rows] == [
        (State.SENDING, NOW, None),
        (State.SENDING, NOW, NOW),
    ]

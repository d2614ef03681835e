"""Notification: fields that a transition changes."""

from dataclasses import replace

import pytest

from app.domain.errors import ForbiddenTransitionError
from app.domain.notification import State, Suppression
from tests.contracts.asked_store import LATER, ME, NOW, owed

HELD = owed(lease=ME, given_up_at=NOW, reason="before")


def test_cancelled_and_suppressed_give_up_the_lease() -> None:
    at = NOW + LATER
    cancelled = replace(HELD, state=State.CANCELLED, reason=None, lease=None, given_up_at=None, changed_at=at)
    assert HELD.cancelled(at) == cancelled
    stale = replace(cancelled, state=State.SUPPRESSED, reason=Suppression.STALE)
    assert HELD.suppressed(Suppression.STALE, at) == stale


def test_transition_names_both_states_when_it_is_forbidden() -> None:
    with pytest.raises(ForbiddenTransitionError, match=r"^read -> pending$"):
        owed(state=State.READ).transitioned(State.PENDING, NOW)

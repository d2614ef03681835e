"""Stage policy: a message wakes with its customer's number if recent and never possibly delivered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.notification import Notification, State, Suppression
from app.domain.phone import NO_PHONE
from app.domain.stage_policy import TIME_TO_LIVE, PolicyContext, is_due_again
from tests.contracts.asked_store import NOW, SOON, owed

SUPPRESSED = owed(state=State.SUPPRESSED, stage_at=NOW, reason=Suppression.INVALID_PHONE)
REFUSED = owed(state=State.FAILED, stage_at=NOW, sending_at=NOW, reason="restricted:463")
NOW_IT_IS = PolicyContext(NOW)


def test_one_without_a_number_is_whether_or_not_its_words_are_kept() -> None:
    assert is_due_again(SUPPRESSED, NOW_IT_IS)
    assert is_due_again(replace(SUPPRESSED, text="", phone=NO_PHONE), NOW_IT_IS)
    assert is_due_again(replace(SUPPRESSED, reason=Suppression.NOT_ON_WHATSAPP), NOW_IT_IS)
    assert not is_due_again(replace(SUPPRESSED, sending_at=NOW), NOW_IT_IS)


def test_message_refused_as_first_contact_is_due_while_its_words_are_kept() -> None:
    assert is_due_again(REFUSED, NOW_IT_IS)
    assert is_due_again(replace(REFUSED, reason="restricted"), NOW_IT_IS)
    assert not is_due_again(replace(REFUSED, text=""), NOW_IT_IS)
    assert not is_due_again(replace(REFUSED, reason="refused:400"), NOW_IT_IS)
    assert not is_due_again(replace(REFUSED, reason=None), NOW_IT_IS)


@pytest.mark.requirement("A3")
@pytest.mark.parametrize("row", [SUPPRESSED, REFUSED])
def test_old_news_is_not(row: Notification) -> None:
    assert is_due_again(row, PolicyContext(NOW + TIME_TO_LIVE))
    assert not is_due_again(row, PolicyContext(NOW + TIME_TO_LIVE + SOON))
    assert not is_due_again(replace(row, stage_at=None), PolicyContext(NOW))
    assert is_due_again(row, PolicyContext(NOW, time_to_live=timedelta(0)))


@pytest.mark.parametrize("state", sorted(set(State) - {State.SUPPRESSED, State.FAILED}))
@pytest.mark.parametrize("reason", [Suppression.INVALID_PHONE, "restricted:463"])
def test_in_any_other_state_it_goes_its_own_way(state: State, reason: str) -> None:
    assert not is_due_again(replace(REFUSED, state=state, reason=reason), NOW_IT_IS)


@pytest.mark.parametrize("reason", [None, "superseded", "stale", "before_start", "opted_out"])
def test_what_was_kept_back_for_a_reason_of_its_own_stays_so(reason: str | None) -> None:
    assert not is_due_again(replace(SUPPRESSED, reason=reason), NOW_IT_IS)

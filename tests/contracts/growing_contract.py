"""What every Store promises about the questions that are asked for ever, whatever the history (Z4)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.rate_limit import Eligibility
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, ME, NOW, SOON, Asked, owed

SECOND = SessionId("second")
OTHERS = Eligibility(SECOND)
STRANGERS_HELD = Eligibility(MAIN, cold=False)


@pytest.mark.requirement("Z4")
class Growing:
    def test_counts_follow_a_row_that_moves_and_one_that_is_deleted(self, asked: Asked) -> None:
        read, failed = asked.add(owed("o1"), owed("o2"))
        asked.save(replace(read, state=State.READ, changed_at=NOW - LATER))
        asked.save(replace(failed, state=State.FAILED, session_id=SECOND, changed_at=NOW))
        assert self._counts(asked) == {MAIN: {State.READ: 1}, SECOND: {State.FAILED: 1}}
        asked.date(NOW - LATER)
        asked.transact(lambda rows: rows.retention.delete(NOW - SOON, NOW, 9))
        assert self._counts(asked) == {SECOND: {State.FAILED: 1}}

    def test_is_due_says_whether_a_lease_would_find_a_row(self, asked: Asked) -> None:
        asked.add(owed("o1", scheduled_at=NOW + SOON))
        asked_for = [
            (NOW, Eligibility(MAIN)),
            *((NOW + SOON, each) for each in (Eligibility(MAIN), STRANGERS_HELD, OTHERS)),
        ]
        due = asked.read(lambda rows: [rows.notifications.is_due(*each) for each in asked_for])
        assert due == [False, True, False, False]

    def test_waiting_row_is_leased_when_its_customer_becomes_known(self, asked: Asked) -> None:
        asked.add(owed("o1"), owed("o2", phone=BIA))
        assert asked.lease(eligible=STRANGERS_HELD) == []
        asked.transact(lambda rows: rows.contacts.save(ANA, Contact(MAIN, first_inbound_at=NOW)))
        assert asked.lease(eligible=STRANGERS_HELD) == ["o1"]

    def test_waiting_row_is_held_when_its_customer_is_another_numbers(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.contacts.save(ANA, Contact(MAIN, first_sent_at=NOW)))
        (row,) = asked.add(owed("o1"))
        asked.transact(lambda rows: rows.contacts.save(ANA, Contact(SECOND)))
        assert asked.lease(eligible=STRANGERS_HELD) == []
        asked.transact(lambda rows: rows.contacts.save(ANA, Contact(SECOND, first_sent_at=NOW)))
        asked.save(replace(row, session_id=SECOND))
        assert asked.lease(eligible=Eligibility(SECOND, cold=False)) == ["o1"]

    def test_row_that_waits_again_is_of_a_known_customer(self, asked: Asked) -> None:
        (row,) = asked.add(owed("o1"))
        asked.save(replace(row, state=State.FAILED))
        asked.transact(lambda rows: rows.contacts.save(ANA, Contact(MAIN, first_sent_at=NOW)))
        asked.save(replace(row, state=State.PENDING))
        assert asked.lease(eligible=STRANGERS_HELD) == ["o1"]

    def test_row_with_another_number_is_of_another_customer(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.contacts.save(BIA, Contact(MAIN, first_sent_at=NOW)))
        (row,) = asked.add(owed("o1"))
        asked.transact(lambda rows: rows.notifications.rewrite(replace(row, phone=BIA)))
        assert asked.lease(eligible=STRANGERS_HELD) == ["o1"]

    def test_rows_that_never_left_are_free_and_of_one_session(self, asked: Asked) -> None:
        asked.add(
            owed("o1"),
            owed("o2", lease=ME),
            owed("o3", sending_at=NOW),
            owed("o4", session_id=SECOND),
            owed("o5", state=State.FAILED),
            owed("o6", scheduled_at=NOW + LATER),
        )
        found = asked.read(lambda rows: rows.notifications.never_left(MAIN, 9))
        assert {row.order_id for row in found} == {"o1", "o6"}
        assert len(asked.read(lambda rows: rows.notifications.never_left(MAIN, 1))) == 1

    def test_rows_that_left_before_come_in_portions_oldest_first(self, asked: Asked) -> None:
        left = [owed(f"o{n}", sending_at=NOW) for n in range(3)]
        first, second, third = asked.add(*left)
        asked.add(
            owed("o6"), owed("o7", sending_at=NOW, session_id=SECOND), owed("o8", sending_at=NOW, lease=ME)
        )
        assert asked.read(lambda rows: rows.notifications.left_before(MAIN, 2)) == [first, second]
        assert asked.read(lambda rows: rows.notifications.left_before(MAIN, 2, second.seq)) == [third]

    def test_session_is_busy_with_what_is_sent_in_doubt_or_due_soon(self, asked: Asked) -> None:
        def is_busy(session_id: SessionId = MAIN) -> bool:
            return asked.read(lambda rows: rows.notifications.is_busy(session_id, NOW + SOON))

        (row,) = asked.add(owed("o1", scheduled_at=NOW + LATER))
        assert not is_busy()
        for state in (State.SENDING, State.IN_DOUBT):
            asked.save(replace(row, state=state))
            assert is_busy()
            assert not is_busy(SECOND)
        asked.save(replace(row, scheduled_at=NOW + SOON))
        assert is_busy()

    def test_next_due_moment_is_that_of_one_session(self, asked: Asked) -> None:
        asked.add(owed("o1", scheduled_at=NOW + SOON, session_id=SECOND))
        assert asked.read(lambda rows: rows.notifications.next_due_at(MAIN, NOW)) is None
        assert asked.read(lambda rows: rows.notifications.next_due_at(SECOND, NOW)) == NOW + SOON

    def test_unfinished_rows_are_found_by_a_reason_they_lack(self, asked: Asked) -> None:
        states = (State.PENDING, State.SENDING, State.IN_DOUBT, State.FAILED)
        asked.add(*(owed(f"o{n}", state=state) for n, state in enumerate(states)))
        asked.add(owed("o8", state=State.IN_DOUBT, reason="restored"), owed("o9", reason="other"))
        found = asked.read(lambda rows: rows.aging.unfinished_unlike("restored", 9))
        assert {row.order_id for row in found} == {"o0", "o1", "o2", "o9"}
        assert len(asked.read(lambda rows: rows.aging.unfinished_unlike("restored", 2))) == 2

    def test_pending_rows_written_after_a_moment_are_found(self, asked: Asked) -> None:
        asked.add(owed("o1"), owed("o2", created_at=NOW + SOON), owed("o3", changed_at=NOW + SOON))
        asked.add(owed("o4", state=State.IN_DOUBT, changed_at=NOW + SOON))
        found = asked.read(lambda rows: rows.aging.pending_written_after(NOW, 9))
        assert {row.order_id for row in found} == {"o2", "o3"}

    def test_unfinished_rows_written_outside_a_time_are_found(self, asked: Asked) -> None:
        rows_of = [
            owed("o1"),
            owed("o2", state=State.IN_DOUBT, changed_at=NOW + LATER),
            owed("o3", state=State.SENT),
        ]
        asked.add(*rows_of)
        until = NOW + SOON
        found = asked.read(lambda rows: rows.timestamps.unfinished_outside(NOW, until))
        assert list(found) == [rows_of[1].id]
        later = NOW + timedelta(microseconds=1)
        assert set(asked.read(lambda rows: rows.timestamps.unfinished_outside(later, until))) == {
            each.id for each in rows_of[:2]
        }

    def _counts(self, asked: Asked) -> dict[SessionId, dict[State, int]]:
        counted = asked.read(lambda rows: rows.notifications.counts())
        return {session: dict(of_state) for session, of_state in counted.items()}

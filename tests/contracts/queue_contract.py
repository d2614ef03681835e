"""What every Store promises about the queue: uniqueness, order, leases, figures."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.domain.errors import ContractViolationError, UnknownNotificationError
from app.domain.identifiers import MessageId, NotificationId, OrderId, SessionId
from app.domain.lease import Lease
from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.ports.store import Rows
from tests.contracts.asked_store import BIA, CHANGES, LATER, MAIN, ME, NOW, SOON, Asked, owed, whole
from tests.harness.every_notification import in_state


class Queueing:
    def test_a_notification_comes_back_as_it_went_in_with_a_place_in_the_queue(self, asked: Asked) -> None:
        (added,) = asked.add(replace(whole(), seq=99))
        assert added == replace(whole(), seq=added.seq)
        assert added.seq != 99
        assert asked.read(lambda rows: rows.notifications.get(added.id)) == added
        assert asked.read(lambda rows: rows.notifications.by_message_id(added.message_id)) == added

    @pytest.mark.requirement("A2")
    def test_the_same_order_type_and_occurrence_is_queued_once(self, asked: Asked) -> None:
        assert len(asked.add(owed())) == 1
        again = owed(id=NotificationId(UUID(int=5)), message_id=MessageId("other"), text="other")
        assert asked.add(owed(), again) == []
        assert asked.read(lambda rows: rows.notifications.of_order(OrderId("o1")))[0].text == owed().text
        assert (
            len(asked.add(owed(occurrence=2, id=NotificationId(UUID(int=6)), message_id=MessageId("x")))) == 1
        )

    def test_messages_without_an_order_are_never_each_others_double(self, asked: Asked) -> None:
        reply = owed(order_id=None, type=NotificationType.REPLY)
        other = replace(reply, id=NotificationId(UUID(int=5)), message_id=MessageId("other"))
        assert len(asked.add(reply, other)) == 2

    def test_an_id_or_a_message_id_given_twice_is_a_defect(self, asked: Asked) -> None:
        asked.add(owed("o1"))
        with pytest.raises(ContractViolationError):
            asked.add(owed("o2", id=owed("o1").id))
        with pytest.raises(ContractViolationError):
            asked.add(owed("o2", message_id=owed("o1").message_id))
        with pytest.raises(ContractViolationError):
            asked.add(owed("o1", order_id=None))

    def test_places_in_the_queue_are_given_in_order(self, asked: Asked) -> None:
        places = [row.seq for row in asked.add(*(owed(f"o{n}") for n in range(5)))]
        assert places == sorted(set(places))

    def test_saving_changes_all_that_may_change(self, asked: Asked) -> None:
        (added,) = asked.add(owed())
        changed = replace(added, **CHANGES)
        asked.save(changed)
        assert asked.read(lambda rows: rows.notifications.get(added.id)) == changed
        asked.save(added)
        assert asked.read(lambda rows: rows.notifications.get(added.id)) == added

    def test_saving_changes_nothing_of_what_was_promised_to_the_customer(self, asked: Asked) -> None:
        (added,) = asked.add(owed())
        asked.save(
            replace(
                added,
                order_id=OrderId("other"),
                type=NotificationType.CUSTOM,
                occurrence=9,
                phone=BIA,
                text="other",
                message_id=MessageId("other"),
                created_at=NOW - LATER,
                seq=77,
            )
        )
        assert asked.read(lambda rows: rows.notifications.get(added.id)) == added

    def test_saving_what_was_never_added_is_refused(self, asked: Asked) -> None:
        with pytest.raises(UnknownNotificationError):
            asked.save(owed())

    def test_rows_of_an_order_and_of_a_state_come_oldest_first(self, asked: Asked) -> None:
        stages = [NotificationType.READY, NotificationType.PREPARING, NotificationType.PAYMENT_CONFIRMED]
        asked.add(*(owed("o1", stage) for stage in stages), owed("o2"))
        of_order = asked.read(lambda rows: rows.notifications.of_order(OrderId("o1")))
        assert [row.type for row in of_order] == stages
        asked.save(replace(of_order[1], state=State.IN_DOUBT))
        pending = asked.read(lambda rows: in_state(rows, State.PENDING))
        assert [row.seq for row in pending] == sorted(row.seq for row in pending)
        assert [row.type for row in pending] == [stages[0], stages[2], NotificationType.READY]
        assert len(asked.read(lambda rows: in_state(rows, State.IN_DOUBT))) == 1

    def test_rows_of_several_orders_come_oldest_first(self, asked: Asked) -> None:
        asked.add(owed("o2"), owed("o1"), owed("o3"), owed("o1", NotificationType.PREPARING))
        wanted = [OrderId("o1"), OrderId("o2")]
        found = asked.read(lambda rows: rows.notifications.of_orders(wanted))
        assert [row.order_id for row in found] == ["o2", "o1", "o1"]

    def test_several_rows_are_read_and_saved_at_once(self, asked: Asked) -> None:
        one, two = asked.add(owed("o1"), owed("o2"))
        sent = [replace(each, state=State.SENT, sent_at=NOW) for each in (one, two)]
        asked.transact(lambda rows: rows.notifications.save_all(sent))
        ids = [owed("none").id, two.id, one.id]
        assert asked.read(lambda rows: rows.notifications.get_all(ids)) == {each.id: each for each in sent}
        assert asked.read(lambda rows: rows.notifications.get_all([])) == {}
        asked.transact(lambda rows: rows.notifications.save_all([]))

    def test_more_rows_than_one_statement_names_are_read(self, asked: Asked) -> None:
        added = asked.add(*(owed(f"o{n}") for n in range(40)))
        found = asked.read(lambda rows: rows.notifications.get_all([each.id for each in added]))
        assert found == {each.id: each for each in added}

    def test_saving_several_is_refused_when_one_was_never_added(self, asked: Asked) -> None:
        (one,) = asked.add(owed("o1"))
        with pytest.raises(UnknownNotificationError):
            asked.transact(lambda rows: rows.notifications.save_all([one, owed("none")]))

    def test_what_is_not_there_is_none_or_empty(self, asked: Asked) -> None:
        def look(rows: Rows) -> list[object]:
            queue = rows.notifications
            nothing = [
                queue.get(owed().id),
                queue.by_message_id(MessageId("x")),
                queue.next_due_at(MAIN, NOW),
            ]
            return [*nothing, queue.oldest_waiting_since(), *queue.of_order(OrderId("x")), *queue.leased()]

        assert asked.read(look) == [None] * 4
        assert asked.read(lambda rows: rows.notifications.counts()) == {}
        assert asked.read(lambda rows: rows.notifications.sent_since(NOW)) == 0

    @pytest.mark.requirement("Z1")
    def test_no_row_that_reads_is_found_unreadable_or_ended_as_such(self, asked: Asked) -> None:
        (row,) = asked.add(owed())
        assert list(asked.read(lambda rows: rows.notifications.unreadable())) == []
        ended = asked.transact(lambda rows: rows.notifications.end_unreadable([row.seq, 99], NOW))
        assert list(ended) == []
        assert asked.read(lambda rows: rows.notifications.get(row.id)) == row


@pytest.mark.requirement("Q2")
class Leasing:
    def test_a_due_row_is_leased_once(self, asked: Asked) -> None:
        asked.add(owed())
        assert asked.lease() == ["o1"]
        assert asked.lease() == []
        assert [row.lease for row in asked.read(lambda rows: rows.notifications.leased())] == [ME]

    def test_a_row_is_due_at_its_moment_and_not_before(self, asked: Asked) -> None:
        asked.add(owed(scheduled_at=NOW + SOON))
        assert asked.lease(now=NOW + SOON - timedelta(microseconds=1)) == []
        assert asked.lease(now=NOW + SOON) == ["o1"]

    def test_a_lease_that_ran_out_can_be_taken_by_another(self, asked: Asked) -> None:
        asked.add(owed())
        asked.lease()
        other = Lease("2/c/d", NOW + LATER)
        assert asked.lease(other, now=ME.until - timedelta(microseconds=1)) == []
        assert asked.lease(other, now=ME.until) == ["o1"]

    def test_only_pending_rows_are_leased(self, asked: Asked) -> None:
        phones = (Phone(f"+55739999900{n:02}") for n in range(20))
        asked.add(
            *(owed(state, state=state, phone=phone) for state, phone in zip(State, phones, strict=False)),
        )
        assert asked.lease() == ["pending"]

    def test_of_one_customer_only_the_oldest_unfinished_row_is_taken(self, asked: Asked) -> None:
        asked.add(owed("o1"), owed("o2"), owed("o3", phone=BIA))
        assert asked.lease() == ["o1", "o3"]

    @pytest.mark.parametrize("state", [State.PENDING, State.SENDING])
    def test_an_older_unfinished_row_holds_back_its_customer_alone(self, asked: Asked, state: State) -> None:
        held_up = owed("o1", state=state, scheduled_at=NOW + LATER)
        asked.add(held_up, owed("o2"), owed("o3", phone=BIA))
        assert asked.lease() == ["o3"]

    @pytest.mark.parametrize("state", sorted(set(State) - {State.PENDING, State.SENDING}))
    def test_older_row_of_another_order_that_does_not_wait_holds_no_row_back(
        self, asked: Asked, state: State
    ) -> None:
        asked.add(owed("o1", state=state), owed("o2"))
        assert asked.lease() == ["o2"]

    def test_older_row_that_waits_again_does_not_go_beside_a_newer_one(self, asked: Asked) -> None:
        newer = owed("o2", state=State.SENDING)
        asked.add(owed("o1"), newer, owed("o3", phone=BIA))
        assert asked.lease() == ["o3"]
        asked.save(replace(newer, state=State.SENT))
        assert asked.lease() == ["o1"]

    def test_age_is_the_place_in_the_queue_and_not_the_due_time(self, asked: Asked) -> None:
        asked.add(owed("o1"), owed("o2", scheduled_at=NOW - LATER))
        assert asked.lease() == ["o1"]

    def test_priority_goes_first_then_the_due_time_then_the_place(self, asked: Asked) -> None:
        def customer(n: int) -> Phone:
            return Phone(f"+55739999900{n:02}")

        asked.add(
            owed("last", phone=customer(1)),
            owed("third", phone=customer(2), scheduled_at=NOW - SOON),
            owed("second", phone=customer(3), priority=1),
            owed("first", phone=customer(4), priority=1, scheduled_at=NOW - LATER),
            owed("very last", phone=customer(5)),
        )
        assert asked.lease(limit=2) == ["first", "second"]
        assert asked.lease() == ["third", "last", "very last"]

    def test_the_limit_is_kept(self, asked: Asked) -> None:
        asked.add(*(owed(f"o{n}", phone=Phone(f"+557399999000{n}")) for n in range(5)))
        assert asked.lease(limit=3) == ["o0", "o1", "o2"]
        assert asked.lease(limit=3) == ["o3", "o4"]

    def test_leased_rows_are_those_pending_or_sending_under_a_lease(self, asked: Asked) -> None:
        asked.add(
            owed("o1"),
            owed("o2", lease=ME),
            owed("o3", lease=ME, state=State.SENDING),
            owed("o4", lease=ME, state=State.SENT),
        )
        leased = asked.read(lambda rows: rows.notifications.leased())
        assert [row.order_id for row in leased] == ["o2", "o3"]


class Figures:
    def test_the_next_due_moment_is_that_of_a_free_row_still_to_come(self, asked: Asked) -> None:
        asked.add(
            owed("o1", scheduled_at=NOW),
            owed("o2", scheduled_at=NOW + SOON, state=State.SENT),
            owed("o3", scheduled_at=NOW + SOON, lease=ME),
            owed("o4", scheduled_at=NOW + SOON * 3),
            owed("o5", scheduled_at=NOW + SOON * 2),
        )
        assert asked.read(lambda rows: rows.notifications.next_due_at(MAIN, NOW)) == NOW + SOON * 2
        assert asked.read(lambda rows: rows.notifications.next_due_at(MAIN, NOW + SOON * 3)) is None

    def test_rows_are_counted_by_session_and_state(self, asked: Asked) -> None:
        second = SessionId("second")
        asked.add(owed("o1"), owed("o2"), owed("o3", state=State.SENT), owed("o4", session_id=second))
        assert asked.read(lambda rows: rows.notifications.counts()) == {
            MAIN: {State.PENDING: 2, State.SENT: 1},
            second: {State.PENDING: 1},
        }

    def test_the_oldest_waiting_row_is_pending_or_being_sent(self, asked: Asked) -> None:
        asked.add(
            owed("o1", created_at=NOW),
            owed("o2", created_at=NOW - SOON, state=State.SENDING),
            owed("o3", created_at=NOW - LATER, state=State.IN_DOUBT),
            owed("o4", created_at=NOW - LATER, state=State.FAILED),
        )
        assert asked.read(lambda rows: rows.notifications.oldest_waiting_since()) == NOW - SOON

    @pytest.mark.requirement("Z3")
    def test_sent_rows_are_counted_from_a_moment_of_our_clock_on(self, asked: Asked) -> None:
        """What WhatsApp says of its own time is a moment of another clock."""
        for n, at in enumerate((NOW - SOON, NOW, NOW + SOON)):
            asked.add(owed(f"o{n}", state=State.READ, sending_at=at, sent_at=NOW - LATER))
        asked.add(owed("o8", state=State.SENDING, sending_at=NOW), owed("o9"))
        assert asked.read(lambda rows: rows.notifications.sent_since(NOW)) == 2

    def test_delivered_rows_are_counted_by_when_they_were_sent(self, asked: Asked) -> None:
        def told(order: str, sending_at: datetime, delivered_at: datetime | None) -> Notification:
            sent = owed(order, state=State.SENT, sent_at=NOW)
            return replace(sent, sending_at=sending_at, delivered_at=delivered_at)

        asked.add(told("o1", NOW - SOON, NOW), told("o2", NOW, NOW + SOON), told("o3", NOW, None))
        assert asked.read(lambda rows: rows.notifications.delivered_since(NOW)) == 1
        assert asked.read(lambda rows: rows.notifications.delivered_since(NOW, MAIN)) == 1
        assert asked.read(lambda rows: rows.notifications.delivered_since(NOW, SessionId("other"))) == 0

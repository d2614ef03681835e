"""What every Store promises about rows that grow old: which are found, in which order, and which are left alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.identifiers import SessionId
from app.domain.lease import Lease
from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.ports.store import Rows
from tests.contracts.asked_store import LATER, MAIN, ME, NOW, SOON, Asked, owed

TICK = timedelta(microseconds=1)
OLD = NOW - LATER


def named(rows: "list[Notification]") -> "list[str | None]":
    return [row.order_id for row in rows]


def put(asked: Asked, *rows: Notification) -> None:
    """As they are, marks and moments included, each to a customer of its own."""
    for number, row in enumerate(rows):
        (added,) = asked.add(replace(row, phone=Phone(f"+55739990{number:05d}")))
        asked.save(replace(added, state=row.state, lease=row.lease, given_up_at=row.given_up_at))


def doubt(order: str, **changes: object) -> Notification:
    return replace(owed(order), **{"state": State.IN_DOUBT, "doubted_at": NOW, **changes})  # type: ignore[arg-type]


@pytest.mark.requirement("A3", "Z4")
class Aging:
    def test_pending_rows_are_stale_before_a_moment_oldest_stage_first(self, asked: Asked) -> None:
        put(
            asked,
            owed("second", stage_at=OLD - SOON),
            owed("news", stage_at=OLD),
            owed("first", stage_at=OLD - 2 * SOON),
            owed("without a stage"),
            owed("doubted", state=State.IN_DOUBT, stage_at=OLD - LATER, doubted_at=NOW),
            owed("failed", state=State.FAILED, stage_at=OLD - LATER),
        )
        assert named(stale_pending(asked, 10)) == ["first", "second"]
        assert named(stale_pending(asked, 1)) == ["first"]

    def test_a_stale_row_under_a_lease_is_left_to_its_owner(self, asked: Asked) -> None:
        over = Lease("dead", NOW)
        put(asked, owed("held", stage_at=OLD - SOON, lease=ME), owed("free", stage_at=OLD - SOON, lease=over))
        assert named(stale_pending(asked, 10)) == ["free"]

    def test_doubts_are_stale_by_their_stage_or_else_by_the_doubt(self, asked: Asked) -> None:
        put(
            asked,
            doubt("old stage", stage_at=OLD - SOON),
            doubt("news", stage_at=OLD, doubted_at=OLD - LATER),
            doubt("no stage", doubted_at=OLD - SOON, order_id=None),
            doubt("given up", stage_at=OLD - SOON, given_up_at=NOW),
            owed("pending", stage_at=OLD - SOON),
        )

        def found(rows: Rows) -> list[Notification]:
            return list(rows.aging.stale_doubts(OLD, 10))

        assert {row.stage_at or row.doubted_at for row in asked.read(found)} == {OLD - SOON}
        assert len(asked.read(found)) == 2
        assert len(asked.read(lambda rows: rows.aging.stale_doubts(OLD, 1))) == 1

    def test_open_doubts_are_those_of_one_session_that_are_not_given_up(self, asked: Asked) -> None:
        put(
            asked,
            doubt("o1"),
            doubt("o2", session_id=SessionId("second")),
            doubt("o3", given_up_at=NOW),
            owed("o4"),
            doubt("o5"),
        )
        assert named(list(asked.read(lambda rows: rows.aging.open_doubts(MAIN)))) == ["o1", "o5"]

    @pytest.mark.parametrize(
        ("row", "grows"),
        [
            (owed(stage_at=NOW), True),
            (owed(), False),
            (doubt("o1"), True),
            (doubt("o1", given_up_at=NOW), False),
            (owed(stage_at=NOW, state=State.SENT), False),
        ],
    )
    def test_only_a_pending_stage_or_an_open_doubt_grows_stale(
        self, asked: Asked, row: Notification, *, grows: bool
    ) -> None:
        put(asked, row)
        assert asked.read(lambda rows: rows.aging.grows_stale()) is grows

    def test_failed_rows_come_newest_first_in_portions(self, asked: Asked) -> None:
        def failed(order: str, **changes: object) -> Notification:
            return replace(owed(order), **{"state": State.FAILED, "changed_at": NOW, **changes})  # type: ignore[arg-type]

        put(
            asked,
            failed("o1", stage_at=OLD),
            failed("old stage", stage_at=OLD - TICK),
            failed("o2", changed_at=OLD),
            failed("old failure", changed_at=OLD - TICK),
            owed("pending", stage_at=NOW),
            failed("o3", stage_at=NOW),
        )
        first = list(asked.read(lambda rows: rows.aging.failed_since(OLD, 2)))
        assert named(first) == ["o3", "o2"]
        rest = asked.read(lambda rows: rows.aging.failed_since(OLD, 2, first[-1].seq))
        assert named(list(rest)) == ["o1"]

    def test_unfinished_rows_are_found_by_when_they_moved_last(self, asked: Asked) -> None:
        put(
            asked,
            owed("never moved", created_at=OLD - SOON),
            owed("moved since", created_at=OLD - LATER, changed_at=NOW),
            doubt("doubt", changed_at=OLD - SOON),
            owed("sending", state=State.SENDING, changed_at=OLD - SOON),
            owed("held", created_at=OLD - SOON, lease=ME),
            owed("over", state=State.SENT, changed_at=OLD - SOON),
        )

        def found(rows: Rows) -> set[str | None]:
            return {row.order_id for row in rows.aging.unfinished_before(OLD, NOW, 10)}

        assert asked.read(found) == {"never moved", "doubt"}
        assert len(asked.read(lambda rows: rows.aging.unfinished_before(OLD, NOW, 1))) == 1


@pytest.mark.requirement("Q2", "Q4")
class Doubting:
    def test_a_doubt_holds_back_its_own_order_alone(self, asked: Asked) -> None:
        asked.add(owed("o1", NotificationType.PREPARING, state=State.IN_DOUBT), owed("o1"), owed("o2"))
        assert asked.lease() == []
        doubted, own, _ = asked.read(lambda rows: rows.notifications.unfinished_of([owed().phone]))
        asked.save(replace(own, state=State.CANCELLED))
        assert asked.lease() == ["o2"]
        assert doubted.given_up_at is None

    def test_a_doubt_that_is_given_up_holds_back_nothing(self, asked: Asked) -> None:
        asked.add(owed("o1", NotificationType.PREPARING, state=State.IN_DOUBT, given_up_at=NOW), owed("o1"))
        assert asked.lease() == ["o1"]

    def test_a_doubt_without_an_order_holds_back_nothing(self, asked: Asked) -> None:
        asked.add(
            owed("custom", NotificationType.CUSTOM, state=State.IN_DOUBT, order_id=None),
            owed("reply", NotificationType.CUSTOM, order_id=None),
        )
        assert asked.lease() == [None]

    def test_only_what_is_being_sent_is_marked_as_on_the_wire(self, asked: Asked) -> None:
        (sending,) = asked.add(owed("o1", state=State.SENDING))
        (waiting,) = asked.add(owed("o2"))
        marked = asked.transact(
            lambda rows: [rows.notifications.mark_on_wire(row.message_id, NOW) for row in (sending, waiting)]
        )
        assert marked == [True, False]
        kept = asked.read(lambda rows: [rows.notifications.get(row.id) for row in (sending, waiting)])
        assert kept == [replace(sending, on_wire_at=NOW), waiting]


def stale_pending(asked: Asked, limit: int) -> list[Notification]:
    return list(asked.read(lambda rows: rows.aging.stale_pending(OLD, NOW, limit)))

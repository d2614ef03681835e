"""Stage policy: messages due, against every set of messages sent before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import ForbiddenTransitionError
from app.domain.identifiers import OrderId, notification_id
from app.domain.lease import LeaseOwner
from app.domain.notification import TOLD, UNFINISHED, Notification, State, Suppression
from app.domain.order import NotificationType, Order, stage_of
from app.domain.priority import priority_of
from app.domain.queue_policy import QueuePolicy
from app.domain.stage_policy import (
    TIME_TO_LIVE,
    PlannedMessage,
    PolicyContext,
    has_later_stage,
    is_ended,
    is_later,
    is_stale,
    messages_due,
    superseded_by,
)
from tests.contracts.asked_store import owed

NOW, TICK = datetime(2026, 1, 10, 15, tzinfo=UTC), timedelta(microseconds=1)
SITUATION = PolicyContext(NOW)
PAYMENT, PREPARING, READY = (
    NotificationType.PAYMENT_CONFIRMED,
    NotificationType.PREPARING,
    NotificationType.READY,
)
CUSTOM = NotificationType.CUSTOM
SUPERSEDED, BEFORE_START, STALE = Suppression.SUPERSEDED, Suppression.BEFORE_START, Suppression.STALE


def order(status: str, payment: str | None = "confirmed", **changes: Any) -> Order:
    made = Order(OrderId("o1"), 1, "Ana", "", status, payment, Decimal(1), NOW)
    return replace(made, **changes)


def row(kind: NotificationType, state: State = State.SENT) -> Notification:
    return owed("o1", kind, state=state)


@pytest.mark.requirement("A1")
@pytest.mark.parametrize(
    ("status", "payment", "stage"),
    [
        ("paid", None, PAYMENT),
        ("pending", "confirmed", PAYMENT),
        ("pending", "pending", None),
        ("pending", None, None),
        ("other", "confirmed", None),
        ("in_preparation", "pending", PREPARING),
        ("preparing", None, PREPARING),
        ("ready", None, READY),
        ("completed", "confirmed", None),
    ],
)
def test_the_status_says_which_message_is_asked_for(
    status: str, payment: str | None, stage: NotificationType | None
) -> None:
    assert stage_of(order(status, payment)) is stage


@pytest.mark.requirement("A5")
def test_an_order_that_was_cancelled_expired_or_deleted_is_over() -> None:
    assert [is_ended(order(status)) for status in ("cancelled", "expired", "paid")] == [True, True, False]
    assert is_ended(order("ready", deleted=True))
    assert stage_of(order("ready", deleted=True)) is None


@pytest.mark.requirement("X6")
def test_emptied_order_asks_for_nothing() -> None:
    assert messages_due(order("ready", is_erased=True), [], SITUATION) == []


@pytest.mark.requirement("X6")
@pytest.mark.parametrize(
    ("age", "suppressed"), [(timedelta(days=90), None), (timedelta(days=90) + TICK, STALE)]
)
def test_order_past_its_retention_is_no_news(age: timedelta, suppressed: Suppression | None) -> None:
    situation = PolicyContext(NOW, retention=timedelta(days=90))
    assert messages_due(order("paid", created_at=NOW - age), [], situation) == [
        PlannedMessage(PAYMENT, suppressed)
    ]
    assert messages_due(order("paid", created_at=NOW - age), [], SITUATION) == [PlannedMessage(PAYMENT, None)]
    assert messages_due(order("ready", deleted=True), [], SITUATION) == []


@pytest.mark.requirement("A2", "A4")
@pytest.mark.parametrize(
    ("status", "rows", "expected"),
    [
        ("paid", [], [PlannedMessage(PAYMENT)]),
        (
            "ready",
            [],
            [
                PlannedMessage(PAYMENT, SUPERSEDED),
                PlannedMessage(PREPARING, SUPERSEDED),
                PlannedMessage(READY),
            ],
        ),
        ("ready", [row(PAYMENT)], [PlannedMessage(PREPARING, SUPERSEDED), PlannedMessage(READY)]),
        ("ready", [row(PREPARING)], [PlannedMessage(PAYMENT, SUPERSEDED), PlannedMessage(READY)]),
        ("ready", [row(PAYMENT), row(PREPARING)], [PlannedMessage(READY)]),
        ("in_preparation", [row(PAYMENT), row(CUSTOM)], [PlannedMessage(PREPARING)]),
        ("in_preparation", [row(PREPARING)], []),
        ("in_preparation", [row(READY)], []),
        ("paid", [row(PREPARING)], []),
        ("completed", [], []),
    ],
)
def test_stage_is_due_once_and_one_that_was_jumped_over_never(
    status: str, rows: list[Notification], expected: list[PlannedMessage]
) -> None:
    assert messages_due(order(status), rows, SITUATION) == expected


@pytest.mark.requirement("A4")
def test_at_the_first_sync_every_stage_reached_is_old_news() -> None:
    everything = [PlannedMessage(kind, BEFORE_START) for kind in (PAYMENT, PREPARING)]
    assert messages_due(order("preparing"), [], PolicyContext(NOW, first_sync=True)) == everything


@pytest.mark.requirement("A3")
@pytest.mark.parametrize(("age", "suppressed"), [(TIME_TO_LIVE, None), (TIME_TO_LIVE + TICK, STALE)])
def test_a_stage_is_news_for_exactly_its_time_to_live(age: timedelta, suppressed: Suppression | None) -> None:
    since = NOW - age
    assert messages_due(order("paid", stage_at=since), [], SITUATION) == [PlannedMessage(PAYMENT, suppressed)]
    assert is_stale(since, SITUATION) is (suppressed is STALE)


@pytest.mark.requirement("A3")
def test_only_stages_come_one_after_the_other() -> None:
    assert is_later(READY, PREPARING)
    assert is_later(PREPARING, PAYMENT)
    assert not is_later(READY, READY)
    assert not is_later(PAYMENT, READY)
    assert not is_later(CUSTOM, PAYMENT)
    assert not is_later(READY, CUSTOM)


@pytest.mark.requirement("A3")
@pytest.mark.parametrize("state", State)
def test_customer_has_moved_on_where_a_later_stage_was_told_or_is_due(state: State) -> None:
    known = TOLD | UNFINISHED | {State.HANDED_OVER}
    assert has_later_stage([row(PAYMENT), row(READY, state)], PREPARING) is (state in known)
    assert not has_later_stage([row(PREPARING, state)], PREPARING)


@pytest.mark.requirement("A3", "Q4")
@pytest.mark.parametrize("state", State)
def test_only_what_waits_or_is_in_doubt_is_overtaken(state: State) -> None:
    rows = [row(PAYMENT, state), row(READY, state), row(CUSTOM, state)]
    assert superseded_by(rows, READY) == (rows[:1] if state in {State.PENDING, State.IN_DOUBT} else [])


@pytest.mark.requirement("Q2")
def test_what_is_most_urgent_goes_first() -> None:
    kinds = [NotificationType.OPT_OUT_CONFIRMATION, READY, PREPARING, PAYMENT, CUSTOM]
    assert [priority_of(kind) for kind in kinds] == [9, 3, 2, 1, 0]


def test_a_forbidden_way_names_both_its_ends() -> None:
    with pytest.raises(ForbiddenTransitionError) as fault:
        row(READY, State.READ).transitioned(State.PENDING, NOW)
    assert str(fault.value) == "read -> pending"


@pytest.mark.requirement("C3")
@pytest.mark.parametrize("state", State)
def test_whoever_should_have_been_told_and_was_not_is_untold(state: State) -> None:
    assert row(READY, state).is_untold is (state in {State.FAILED, State.IN_DOUBT})


@pytest.mark.requirement("C3")
@pytest.mark.parametrize("reason", Suppression)
def test_of_what_was_kept_back_only_some_leaves_a_customer_untold(reason: Suppression) -> None:
    untold = {Suppression.STALE, Suppression.NOT_ON_WHATSAPP, Suppression.INVALID_PHONE}
    assert replace(row(READY, State.SUPPRESSED), reason=reason).is_untold is (reason in untold)


@pytest.mark.requirement("Q5")
def test_an_owner_is_named_by_its_process_its_start_and_its_boot() -> None:
    assert str(LeaseOwner(7, "now", "boot")) == "7/now/boot"


def test_the_policy_hands_its_time_to_live_on() -> None:
    policy = QueuePolicy(time_to_live=timedelta(minutes=7))
    assert policy.context(NOW) == PolicyContext(NOW, False, timedelta(minutes=7))
    assert policy.context(NOW, first_sync=True) == PolicyContext(NOW, True, timedelta(minutes=7))


@pytest.mark.requirement("A2")
def test_a_message_has_the_same_id_on_every_pc_for_ever() -> None:
    ids = [str(notification_id(OrderId("o1"), READY, occurrence)) for occurrence in (1, 2)]
    assert ids == ["9853b5ee-4d52-5716-aab3-1a86a7eb8123", "a415bb4e-73e9-5946-8054-717c10544514"]

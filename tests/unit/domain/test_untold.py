"""Untold orders: which messages count, the reason shown, the steps of each reason."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.domain.attempt import RejectionKind
from app.domain.identifiers import MessageId, OrderId, SessionId, notification_id
from app.domain.lid import Lid
from app.domain.notification import UNREADABLE, UNTOLD_SUPPRESSIONS, Notification, State, Suppression
from app.domain.order import NotificationType, Order
from app.domain.phone import Phone
from app.domain.untold import (
    UNTOLD_STEPS,
    UntoldMessage,
    UntoldReason,
    UntoldStep,
    leaves_untold,
    may_leave_untold,
    told_stage,
    untold_reason,
)

NOW = datetime(2026, 1, 10, 15, tzinfo=UTC)
ORDER = OrderId("o1")
ANA = Phone("+5573999548537")
READY = NotificationType.READY


def order(status: str) -> Order:
    return Order(ORDER, 1, "Ana", ANA.number, status, None, Decimal(10), NOW)


def row(state: State, reason: str | None = None, text: str = "x") -> Notification:
    named = notification_id(ORDER, READY, 1)
    message = MessageId("3EB0")
    return Notification(
        named, ORDER, READY, 1, SessionId("main"), ANA, text, message, NOW, NOW, state=state, reason=reason
    )


def message(state: State, reason: str | None = None, kind: NotificationType = READY) -> UntoldMessage:
    return UntoldMessage(ORDER, kind, state, reason)


@pytest.mark.requirement("C3")
@pytest.mark.parametrize("state", State)
def test_message_of_the_present_stage_leaves_untold_when_it_failed(state: State) -> None:
    untold = {State.FAILED, State.IN_DOUBT, State.CANCELLED}
    assert leaves_untold(order("ready"), message(state)) is (state in untold)
    assert not leaves_untold(order("ready"), message(state, kind=NotificationType.PREPARING))
    assert may_leave_untold(row(state)) is (state in untold)


@pytest.mark.requirement("C9")
@pytest.mark.parametrize("state", State)
def test_completed_order_is_untold_only_when_its_message_was_taken_back(state: State) -> None:
    assert leaves_untold(order("completed"), message(state)) is (state is State.CANCELLED)
    assert told_stage(order("completed")) is READY


@pytest.mark.parametrize("status", ["cancelled", "expired", "pending", "odd"])
def test_order_without_a_stage_is_never_untold(status: str) -> None:
    assert not any(leaves_untold(order(status), message(state)) for state in State)
    assert not leaves_untold(replace(order("completed"), deleted=True), message(State.CANCELLED))


@pytest.mark.requirement("C3", "X1")
@pytest.mark.parametrize("reason", Suppression)
def test_suppressed_message_leaves_untold_by_its_reason(reason: Suppression) -> None:
    known = {*UNTOLD_SUPPRESSIONS, Suppression.OPTED_OUT}
    assert leaves_untold(order("ready"), message(State.SUPPRESSED, reason)) is (reason in known)
    assert may_leave_untold(row(State.SUPPRESSED, reason)) is (reason in known)


@pytest.mark.requirement("X1")
def test_customer_who_opted_out_is_called_for_a_ready_order_alone() -> None:
    preparing = message(State.SUPPRESSED, Suppression.OPTED_OUT, NotificationType.PREPARING)
    assert not leaves_untold(order("in_preparation"), preparing)


@pytest.mark.requirement("C9")
@pytest.mark.parametrize(
    ("untold", "reason"),
    [
        (row(State.IN_DOUBT, "ack_timeout"), UntoldReason.IN_DOUBT),
        (row(State.CANCELLED), UntoldReason.TAKEN_BACK),
        (row(State.SUPPRESSED, Suppression.STALE), UntoldReason.STALE),
        (row(State.SUPPRESSED, Suppression.NOT_ON_WHATSAPP), UntoldReason.NOT_ON_WHATSAPP),
        (row(State.SUPPRESSED, Suppression.INVALID_PHONE), UntoldReason.INVALID_PHONE),
        (row(State.SUPPRESSED, Suppression.OPTED_OUT), UntoldReason.OPTED_OUT),
        (row(State.FAILED, UNREADABLE), UntoldReason.UNREADABLE),
        (row(State.FAILED, "doubt_expired", text=""), UntoldReason.UNREADABLE),
        (row(State.FAILED, f"{RejectionKind.RESTRICTED}:463"), UntoldReason.RESTRICTED),
        *((row(State.FAILED, f"{kind}:1"), UntoldReason.NOT_SENT) for kind in ("refused", "transient")),
        (row(State.FAILED, "cut_short"), UntoldReason.NOT_SENT),
        (row(State.FAILED), UntoldReason.NOT_SENT),
    ],
)
def test_untold_reason_follows_the_state_and_an_opt_out_beats_it(
    untold: Notification, reason: UntoldReason
) -> None:
    assert untold_reason(untold, ANA, opted_out=False) is reason
    assert untold_reason(untold, ANA, opted_out=True) is UntoldReason.OPTED_OUT


def test_untold_reason_of_a_failure_names_a_hidden_number() -> None:
    failed = row(State.FAILED, "transient:500")
    assert untold_reason(failed, Lid("4711@lid"), opted_out=False) is UntoldReason.HIDDEN_NUMBER


@pytest.mark.requirement("C9")
@pytest.mark.parametrize("reason", UntoldReason)
def test_every_untold_reason_has_a_first_step_and_another_second_one(reason: UntoldReason) -> None:
    steps = UNTOLD_STEPS[reason]
    assert steps.first is not steps.second


@pytest.mark.requirement("X1")
def test_no_step_after_an_opt_out_sends_a_message() -> None:
    steps = UNTOLD_STEPS[UntoldReason.OPTED_OUT]
    assert {steps.first, steps.second} <= {UntoldStep.CALL, UntoldStep.ALREADY_TOLD, None}

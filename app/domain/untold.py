"""Untold orders: which message leaves its customer untold, for which reason, and the steps that end it (C3, C9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.identifiers import OrderId
from app.domain.lid import Address, Lid
from app.domain.notification import UNREADABLE, UNTOLD, UNTOLD_SUPPRESSIONS, Notification, State, Suppression
from app.domain.order import NotificationType, Order, OrderOutline, stage_of


class UntoldReason(StrEnum):
    """Reason why a customer was not told; each has short words and two steps on the screen."""

    OPTED_OUT = "opted_out"
    NOT_ON_WHATSAPP = "not_on_whatsapp"
    INVALID_PHONE = "invalid_phone"
    HIDDEN_NUMBER = "hidden_number"
    IN_DOUBT = "in_doubt"
    STALE = "stale"
    NOT_SENT = "not_sent"
    RESTRICTED = "restricted"
    TAKEN_BACK = "taken_back"
    UNREADABLE = "unreadable"


class UntoldStep(StrEnum):
    """Step of a person that ends an order's being untold, or leads there."""

    CALL = "call"
    CORRECT_PHONE = "correct_phone"
    SHOW_CODE = "show_code"
    ANSWER = "answer"
    DECIDE = "decide"
    SEND = "send"
    TRY_AGAIN = "try_again"
    HAND_OVER = "hand_over"
    ALREADY_TOLD = "already_told"


@dataclass(frozen=True, slots=True)
class UntoldSteps:
    """The step that Enter takes, and the second one beside it."""

    first: UntoldStep
    second: UntoldStep | None = None


_R, _S = UntoldReason, UntoldStep
UNTOLD_STEPS: Final[Mapping[UntoldReason, UntoldSteps]] = MappingProxyType(
    {
        _R.OPTED_OUT: UntoldSteps(_S.CALL),
        _R.NOT_ON_WHATSAPP: UntoldSteps(_S.CALL, _S.CORRECT_PHONE),
        _R.INVALID_PHONE: UntoldSteps(_S.CORRECT_PHONE, _S.SHOW_CODE),
        _R.HIDDEN_NUMBER: UntoldSteps(_S.ANSWER, _S.TRY_AGAIN),
        _R.IN_DOUBT: UntoldSteps(_S.DECIDE, _S.CALL),
        _R.STALE: UntoldSteps(_S.SEND, _S.ALREADY_TOLD),
        _R.NOT_SENT: UntoldSteps(_S.TRY_AGAIN, _S.HAND_OVER),
        _R.RESTRICTED: UntoldSteps(_S.HAND_OVER, _S.SHOW_CODE),
        _R.TAKEN_BACK: UntoldSteps(_S.SEND, _S.ALREADY_TOLD),
        _R.UNREADABLE: UntoldSteps(_S.CALL),
    }
)


@dataclass(frozen=True, slots=True)
class UntoldMessage:
    """The latest message of its type about an order, where it may leave the customer untold."""

    order_id: OrderId
    type: NotificationType
    state: State
    reason: str | None = None


def told_stage(order: Order | OrderOutline) -> NotificationType | None:
    """Return the stage whose message the customer should have; the last one for a completed order."""
    if order.status == "completed" and not order.deleted:
        return NotificationType.READY
    return stage_of(order)


def leaves_untold(order: Order | OrderOutline, message: UntoldMessage) -> bool:
    """Return whether the order's customer was not told of the stage that the order has reached.

    A completed order was collected: only a message that a person took back counts. A customer who opted out has to
    be called for a ready order alone.
    """
    if message.type is not told_stage(order):
        return False
    if message.state is State.CANCELLED:
        return True
    if order.status == "completed":
        return False
    if message.state is not State.SUPPRESSED:
        return message.state in UNTOLD
    if message.reason == Suppression.OPTED_OUT:
        return message.type is NotificationType.READY
    return message.reason in UNTOLD_SUPPRESSIONS


def may_leave_untold(row: Notification) -> bool:
    """Return whether the row, by itself, can leave its customer untold in some stage of the order."""
    kept_back = row.state is State.SUPPRESSED and row.reason in {*UNTOLD_SUPPRESSIONS, Suppression.OPTED_OUT}
    return kept_back or row.state in UNTOLD or row.state is State.CANCELLED


def untold_reason(row: Notification, address: Address | None, *, opted_out: bool) -> UntoldReason:
    """Return the reason to show for a row that leaves its customer untold; an opt-out beats all others."""
    if opted_out or row.reason == Suppression.OPTED_OUT:
        return UntoldReason.OPTED_OUT
    match row.state:
        case State.IN_DOUBT:
            return UntoldReason.IN_DOUBT
        case State.CANCELLED:
            return UntoldReason.TAKEN_BACK
        case State.SUPPRESSED if row.reason != Suppression.STALE:
            return UntoldReason(row.reason or Suppression.INVALID_PHONE)
        case State.SUPPRESSED:
            return UntoldReason.STALE
        case _:
            return _of_failure(row, address)


def _of_failure(row: Notification, address: Address | None) -> UntoldReason:
    if row.reason == UNREADABLE or row.is_erased:
        return UntoldReason.UNREADABLE
    if row.is_restricted:
        return UntoldReason.RESTRICTED
    return UntoldReason.HIDDEN_NUMBER if isinstance(address, Lid) else UntoldReason.NOT_SENT

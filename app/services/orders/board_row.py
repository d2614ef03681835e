"""View model of one order in the list, with its row's next step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.identifiers import OrderId
from app.domain.lid import Address
from app.domain.notification import Notification, State
from app.domain.order import STAGES, UNPAID, NotificationType, Order, OrderOutline, stage_of
from app.domain.pickup_reply import PickupReply
from app.domain.queue_block import BlockReason
from app.domain.rate_limit import Hold
from app.domain.stage_policy import is_finished
from app.domain.untold import (
    UNTOLD_STEPS,
    UntoldMessage,
    UntoldReason,
    UntoldStep,
    leaves_untold,
    told_stage,
    untold_reason,
)


class Step(StrEnum):
    """Move of an order to its next stage."""

    TAKE_PAYMENT = "take_payment"
    START = "start"
    TELL_READY = "tell_ready"
    COMPLETE = "complete"


STATUS_AFTER = {
    Step.TAKE_PAYMENT: "paid",
    Step.START: "in_preparation",
    Step.TELL_READY: "ready",
    Step.COMPLETE: "completed",
}
_STEP_OF_STAGE = {
    NotificationType.PAYMENT_CONFIRMED: Step.START,
    NotificationType.PREPARING: Step.TELL_READY,
    NotificationType.READY: Step.COMPLETE,
}


@dataclass(frozen=True, slots=True)
class StageNotice:
    """State of one stage's message; `hold` is the limit of its number or of WhatsApp against it now.

    `block` is the older message that it waits behind; with a block, no limit is looked up.
    """

    notification: Notification
    hold: Hold | None = None
    block: BlockReason | None = None

    @property
    def state(self) -> State:
        return self.notification.state

    @property
    def reason(self) -> str | None:
        return self.notification.reason

    @property
    def at(self) -> datetime:
        """Moment at which the message entered this state."""
        notification = self.notification
        return (
            notification.read_at
            or notification.delivered_at
            or notification.changed_at
            or notification.created_at
        )


@dataclass(frozen=True, slots=True)
class BoardRow:
    """Row of the board: `phone` is masked (P3), None if it is no telephone number; `notices` follow STAGES.

    For a hidden number `phone` is `@username`, or empty.

    `unread`: number of the customer's replies that were not read (C4).
    `pickup`: the customer's choice after the *pronto* message (K9).
    `address`: the customer's address; `opted_out`: looked up for untold orders alone.
    """

    order: Order
    phone: str | None
    notices: tuple[StageNotice | None, ...]
    unread: int = 0
    pickup: PickupReply | None = None
    address: Address | None = field(default=None, repr=False)
    opted_out: bool = False

    @property
    def outline(self) -> OrderOutline:
        order = self.order
        return order.outline

    @property
    def finished(self) -> bool:
        return is_finished(self.order)

    @property
    def present(self) -> StageNotice | None:
        """Message of the stage that the order has reached."""
        stage = told_stage(self.order)
        return self.notices[STAGES.index(stage)] if stage in STAGES else None

    @property
    def untold(self) -> bool:
        present = self.present
        return present is not None and leaves_untold(self.order, _as_untold(present.notification))

    @property
    def untold_reason(self) -> UntoldReason | None:
        """Reason why the customer was not told; None where no person has to act."""
        if self.present is None or not self.untold:
            return None
        return untold_reason(self.present.notification, self.address, opted_out=self.opted_out)

    @property
    def advance(self) -> Step | None:
        """Step to the next stage; None after the last one."""
        if self.finished:
            return None
        stage = stage_of(self.order)
        if stage is None:
            return Step.TAKE_PAYMENT if self.order.status in UNPAID else None
        return _STEP_OF_STAGE[stage]

    @property
    def next_step(self) -> Step | UntoldStep | None:
        """Step of the row's button; one that ends the order's being untold comes before all others (C9)."""
        reason = self.untold_reason
        return UNTOLD_STEPS[reason].first if reason else self.advance

    @property
    def second_step(self) -> UntoldStep | None:
        """Other step of an untold order."""
        reason = self.untold_reason
        return UNTOLD_STEPS[reason].second if reason else None

    @property
    def can_retry(self) -> bool:
        """Whether its failed message may be sent again; never after the customer's opt-out (X1)."""
        failed = self.present is not None and self.present.state is State.FAILED
        return failed and self.untold_reason is not UntoldReason.OPTED_OUT


def _as_untold(row: Notification) -> UntoldMessage:
    return UntoldMessage(row.order_id or OrderId(""), row.type, row.state, row.reason)


def board_row(
    order: Order,
    phone: str | None,
    notices: Sequence[StageNotice],
    unread: int = 0,
    pickup: PickupReply | None = None,
    address: Address | None = None,
) -> BoardRow:
    """Build the row from the order's `notices`, oldest first; the last one of a repeated message counts."""
    last = {notice.notification.type: notice for notice in notices}
    return BoardRow(order, phone, tuple(last.get(stage) for stage in STAGES), unread, pickup, address)

"""One order as the list shows it, and the one next step that its row offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.notification import Notification, State
from app.domain.order import STAGES, NotificationType, Order, OrderOutline, stage_of
from app.domain.queue_block import BlockReason
from app.domain.rate_limit import Hold
from app.domain.stage_policy import is_finished


class Step(StrEnum):
    """What a person can do next about an order."""

    TAKE_PAYMENT = "take_payment"
    START = "start"
    TELL_READY = "tell_ready"
    COMPLETE = "complete"
    TRY_AGAIN = "try_again"


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
_UNPAID = frozenset({"pending", "pending_payment"})


@dataclass(frozen=True, slots=True)
class StageNotice:
    """How one stage's message is doing; `hold` is what the pace of its number or WhatsApp has against it now.

    `block` is the older message behind which it stands; where there is one, no limit is asked.
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
        """When it came into this state."""
        told = self.notification
        return told.read_at or told.delivered_at or told.changed_at or told.created_at


@dataclass(frozen=True, slots=True)
class BoardRow:
    """`phone` is masked (P3), None where it is no telephone number; `notices` stand in the order of STAGES.

    `unread`: how many replies of the customer nobody has seen (C4).
    """

    order: Order
    phone: str | None
    notices: tuple[StageNotice | None, ...]
    unread: int = 0

    @property
    def outline(self) -> OrderOutline:
        order = self.order
        return order.outline

    @property
    def finished(self) -> bool:
        return is_finished(self.order)

    @property
    def present(self) -> StageNotice | None:
        """The message of the stage that the order has reached."""
        stage = stage_of(self.order)
        return self.notices[STAGES.index(stage)] if stage in STAGES else None

    @property
    def untold(self) -> bool:
        return self.present is not None and self.present.notification.is_untold

    @property
    def advance(self) -> Step | None:
        """The step to the next stage; None where there is no further one."""
        if self.finished:
            return None
        stage = stage_of(self.order)
        if stage is None:
            return Step.TAKE_PAYMENT if self.order.status in _UNPAID else None
        return _STEP_OF_STAGE[stage]

    @property
    def next_step(self) -> Step | None:
        """What stands on its button: a message that failed comes before everything else."""
        return Step.TRY_AGAIN if self.can_retry else self.advance

    @property
    def can_retry(self) -> bool:
        return self.present is not None and self.present.state is State.FAILED


def board_row(order: Order, phone: str | None, notices: Sequence[StageNotice], unread: int = 0) -> BoardRow:
    """`notices` of this order, oldest first; of a message that was repeated the last one counts."""
    last = {notice.notification.type: notice for notice in notices}
    return BoardRow(order, phone, tuple(last.get(stage) for stage in STAGES), unread)

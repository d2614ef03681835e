"""The three suppression rules together: their order, and the rows that they leave alone."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.domain.identifiers import OrderId
from app.domain.notification import Notification, State, Suppression
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.order import NotificationType, Order
from app.services.notifications.suppression import recheck
from tests.contracts.asked_store import ANA, NOW, SOON, Asked, owed
from tests.simulators.memory_store import MemoryStore

ROW = owed("o1", NotificationType.PREPARING, seq=1)
LATER_STAGE = owed("o1", NotificationType.READY, seq=2)
AT = NOW + SOON


def rechecked(row: Notification, *, opted_out: bool, superseded: bool, ended: bool) -> Notification:
    asked = Asked(MemoryStore())
    asked.add(row)
    if opted_out:
        asked.transact(lambda rows: rows.opt_outs.add(ANA, OptOut(NOW, OptOutSource.CUSTOMER)))
    if superseded:
        asked.add(LATER_STAGE)
    status = "cancelled" if ended else "ready"
    asked.keep_orders(Order(OrderId("o1"), 1, "Ana", ANA.number, status, None, Decimal(9), NOW))
    return asked.transact(lambda rows: recheck(rows, row, AT))


@pytest.mark.requirement("X1", "A3", "A5")
@pytest.mark.parametrize(
    ("opted_out", "superseded", "ended", "state", "reason"),
    [
        (True, True, True, State.SUPPRESSED, Suppression.OPTED_OUT),
        (True, False, True, State.SUPPRESSED, Suppression.OPTED_OUT),
        (False, True, True, State.SUPPRESSED, Suppression.SUPERSEDED),
        (False, False, True, State.CANCELLED, None),
        (False, False, False, State.PENDING, None),
    ],
)
def test_recheck_applies_opt_out_then_later_stage_then_ended_order(
    *, opted_out: bool, superseded: bool, ended: bool, state: State, reason: Suppression | None
) -> None:
    row = rechecked(ROW, opted_out=opted_out, superseded=superseded, ended=ended)
    assert (row.state, row.reason) == (state, reason)
    assert row.changed_at == (ROW.changed_at if state is State.PENDING else AT)


@pytest.mark.requirement("A5")
@pytest.mark.parametrize("state", [State.IN_DOUBT, State.SENT, State.SUPPRESSED, State.FAILED])
def test_recheck_cancels_only_a_pending_row_when_its_order_ended(state: State) -> None:
    row = replace(ROW, state=state)
    assert rechecked(row, opted_out=False, superseded=False, ended=True) == row


@pytest.mark.requirement("A5")
def test_recheck_leaves_a_reply_pending_when_its_order_ended() -> None:
    changes: dict[str, Any] = {"type": NotificationType.REPLY}
    row = replace(ROW, **changes)
    assert rechecked(row, opted_out=False, superseded=False, ended=True) == row

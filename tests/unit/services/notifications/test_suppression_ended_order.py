"""Suppression: no message about an ended order; a person's answer still goes out."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.errors import OrderEndedError
from app.domain.notification import Notification, State
from app.domain.order import NotificationType, Order
from tests.contracts.asked_store import ANA, NOW
from tests.harness.shop import Shop, in_shop
from tests.simulators.moved_clock import let_tasks_run
from tests.unit.services.notifications.test_queue_manager import QueueHarness, old, retried

pytestmark = pytest.mark.requirement("A5")
ENDED: list[dict[str, Any]] = [{"status": "cancelled"}, {"status": "expired"}, {"deleted": True}]


def queue_with_order(row: Notification, **changes: Any) -> QueueHarness:
    """A queue with this row and its order."""
    harness = QueueHarness(row)
    assert row.order_id is not None
    order = Order(row.order_id, 1, "Ana", ANA.number, "ready", None, Decimal(9), NOW)
    harness.asked.keep_orders(replace(order, **changes))
    return harness


@pytest.mark.parametrize("ended", ENDED, ids=str)
def test_retry_is_refused_when_the_order_has_ended(ended: dict[str, Any]) -> None:
    row = old(State.FAILED)
    harness = queue_with_order(row, **ended)
    with pytest.raises(OrderEndedError):
        harness.act(harness.queue.retry(row.id))
    assert harness.kept(row) == row


@pytest.mark.parametrize("ended", ENDED, ids=str)
def test_doubt_is_not_sent_again_when_the_order_has_ended(ended: dict[str, Any]) -> None:
    row = old(State.IN_DOUBT)
    harness = queue_with_order(row, **ended)
    with pytest.raises(OrderEndedError):
        harness.act(harness.queue.settle_doubt(row.id, arrived=False))
    assert harness.kept(row) == row
    assert harness.act(harness.queue.settle_doubt(row.id, arrived=True)).state is State.SENT


def test_a_failed_answer_is_tried_again_when_the_order_has_ended() -> None:
    row = old(State.FAILED, type=NotificationType.REPLY, changed_at=NOW - timedelta(minutes=1))
    harness = queue_with_order(row, status="cancelled")
    assert harness.act(harness.queue.retry_failed_notifications()) == 1
    assert harness.kept(row) == retried(row)


def test_persons_answer_survives_a_failed_attempt_when_the_order_has_ended() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1, status="cancelled")
        await shop.see(order)
        shop.messenger.outcomes.append(Rejected(RejectionKind.TRANSIENT))
        await shop.core.inbox.answer(order.id, "desculpe, foi cancelado")
        await let_tasks_run()
        await shop.pass_time(minutes=5)
        told = await shop.store.read(lambda rows: rows.notifications.of_order(order.id))
        assert [row.state for row in told] == [State.SENT]

    in_shop(story)

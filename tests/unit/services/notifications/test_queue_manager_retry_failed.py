"""Queue manager: which failed rows a retry of all wakes, in bounded transactions."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.events import NotificationChanged
from app.domain.notification import State
from app.domain.order import Order
from app.domain.phone import Phone
from app.domain.stage_policy import TIME_TO_LIVE
from app.services.notifications.queue_manager import BATCH
from tests.contracts.asked_store import ANA, BIA, NOW, owed
from tests.unit.services.notifications.test_queue_manager import OLD, QueueHarness, old, retried


@pytest.mark.requirement("Q6")
def test_all_that_failed_and_is_still_news_begins_anew() -> None:
    ana, bia = old(State.FAILED), replace(owed("o2", phone=BIA), **{**OLD, "state": State.FAILED, "seq": 2})
    emptied = replace(owed("o3"), **{**OLD, "state": State.FAILED, "seq": 3, "text": ""})
    harness = QueueHarness(ana, bia, emptied)
    assert harness.act(harness.queue.retry_failed_notifications()) == 2
    assert harness.events == [NotificationChanged(retried(ana)), NotificationChanged(retried(bia))]
    assert (harness.kept(ana), harness.kept(bia)) == (retried(ana), retried(bia))
    assert harness.kept(emptied) == emptied


@pytest.mark.requirement("A3", "Q6")
@pytest.mark.parametrize(
    ("changes", "again"),
    [
        ({"stage_at": NOW - TIME_TO_LIVE}, 1),
        ({"stage_at": NOW - TIME_TO_LIVE - timedelta(microseconds=1)}, 0),
        ({"stage_at": None, "changed_at": NOW - TIME_TO_LIVE}, 1),
        ({"stage_at": None, "changed_at": NOW - timedelta(days=60)}, 0),
    ],
)
def test_retry_failed_leaves_out_what_is_no_news_any_more(changes: dict[str, Any], again: int) -> None:
    row = replace(old(State.FAILED), **changes)
    harness = QueueHarness(row)
    assert harness.act(harness.queue.retry_failed_notifications()) == again
    assert harness.kept(row) == (retried(row) if again else row)


@pytest.mark.requirement("A5", "Q6")
@pytest.mark.parametrize(
    ("status", "deleted", "again"),
    [("ready", False, 1), ("completed", False, 0), ("cancelled", False, 0), ("ready", True, 0)],
)
def test_retry_failed_leaves_out_orders_that_are_finished(status: str, *, deleted: bool, again: int) -> None:
    row = old(State.FAILED)
    harness = QueueHarness(row)
    assert row.order_id is not None
    order = Order(row.order_id, 1, "Ana", ANA.number, status, None, Decimal(9), NOW, deleted=deleted)
    harness.asked.keep_orders(order)
    assert harness.act(harness.queue.retry_failed_notifications()) == again


@pytest.mark.requirement("Q6", "Z4")
def test_retry_failed_takes_a_short_transaction_for_each_batch() -> None:
    phones = [Phone(f"+55739995{n:05d}") for n in range(2 * BATCH + 1)]
    failed = [
        replace(owed(f"o{n}", phone=phone), **{**OLD, "state": State.FAILED, "seq": n + 1})
        for n, phone in enumerate(phones)
    ]
    harness = QueueHarness(*failed)
    sound, saved = harness.asked.store.transact, list[int]()

    async def counted(work: Any) -> Any:
        changed, below = await sound(work)
        saved.append(len(changed))
        return changed, below

    harness.asked.store.transact = counted  # type: ignore[method-assign]
    assert harness.act(harness.queue.retry_failed_notifications()) == len(failed)
    assert saved == [BATCH, BATCH, 1, 0]

"""The queue's work on disk without a messenger, here and in two other programs, each commit durable."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from huey import SqliteHuey
from persistqueue import SQLiteAckQueue

from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.domain.attempt import Accepted, AttemptEnd
from app.domain.identifiers import OrderId, notification_id
from app.domain.lease import LeaseOwner
from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.rate_limit import NO_RATE_LIMIT
from app.ports.clock import Clock
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.clock.stepped_clock import SteppedClock
from app.services.event_bus import EventBus
from app.services.notifications.pause_switch import PauseSwitch
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.records import QueuedNotification
from app.services.notifications.sender_assignment import SenderAssignment
from app.services.notifications.worker import SendPermission, Worker
from app.services.notifications.worker_pool import WorkerPool
from app.services.rate_limits.rate_limiter import RateLimiter
from tests.benchmarks.figures import Round
from tests.harness.every_notification import in_state
from tests.harness.opened_store import opened_training
from tests.harness.ports import PlainNumbers
from tests.harness.shop import MAIN, PATIENT

Rates = tuple[Round, Round]
"""Queueing, and taking with everything until it is written down as done."""


def ours(folder: Path, texts: list[str], phones: list[Phone]) -> Rates:
    return asyncio.run(_ours(folder, texts, phones))


async def _ours(folder: Path, texts: list[str], phones: list[Phone]) -> Rates:
    clock, entropy, bus = SteppedClock(SystemClock()), SystemEntropy(), EventBus()
    store, vault = opened_training(folder, entropy, clock)
    senders = SenderAssignment(vault, (MAIN,), lambda _: False)
    workers = WorkerPool([], PauseSwitch(store, bus))
    queue = NotificationQueueManager(
        store, vault, bus, clock, senders, lambda: PATIENT, PlainNumbers(), workers
    )

    async def deliver(_: Notification) -> AttemptEnd:
        return Accepted(clock.now())

    pace = RateLimiter(MAIN, lambda: NO_RATE_LIMIT, ScheduleAdjuster(store, bus, clock), entropy)
    owner = LeaseOwner(1, "now", "boot")
    worker = Worker(store, bus, clock, owner, lambda: PATIENT, deliver, SendPermission(lambda: True), pace)
    began = clock.steady()
    for position, text in enumerate(texts):
        await queue.enqueue(_queued(position, phones[position % len(phones)], text, clock))
    queued = clock.steady()
    while await worker.turn():
        pass
    over = clock.steady()
    sent = await store.read(lambda rows: len(in_state(rows, State.SENT)))
    assert sent == len(texts), f"{sent} of {len(texts)} were settled"
    await store.close()
    return _round(texts, queued - began), _round(texts, over - queued)


def huey(folder: Path, texts: list[str]) -> Rates:
    """Its own queue has no acknowledgement: taking is forgetting, in one commit instead of our two."""
    storage = SqliteHuey("bench", filename=str(folder / "huey.db"), fsync=True).storage
    queueing = _timed(lambda: [storage.enqueue(text.encode()) for text in texts], texts)
    taking = _timed(lambda: [storage.dequeue() for _ in texts], texts)
    assert storage.queue_size() == 0
    storage.close()
    return queueing, taking


def persist_queue(folder: Path, texts: list[str]) -> Rates:
    queue = SQLiteAckQueue(str(folder / "persist"), auto_commit=True)
    connections: tuple[Any, Any] = (queue._getter, queue._putter)
    for connection in connections:
        connection.execute("PRAGMA synchronous=FULL")
    queueing = _timed(lambda: [queue.put(text) for text in texts], texts)
    taking = _timed(lambda: [queue.ack(queue.get(block=False)) for _ in texts], texts)
    assert queue.acked_count() == len(texts)
    queue.close()
    return queueing, taking


def _timed(work: Callable[[], object], texts: list[str]) -> Round:
    clock = SystemClock()
    began = clock.steady()
    work()
    return _round(texts, clock.steady() - began)


def _round(texts: list[str], length: timedelta) -> Round:
    return Round(len(texts), length.total_seconds())


def _queued(position: int, phone: Phone, text: str, clock: Clock) -> QueuedNotification:
    return QueuedNotification(
        id=notification_id(OrderId(f"bench-{position}"), NotificationType.CUSTOM, 1),
        order_id=None,
        customer_phone=phone,
        message=text,
        notification_type=NotificationType.CUSTOM,
        scheduled_at=clock.now(),
        session_id=MAIN,
    )

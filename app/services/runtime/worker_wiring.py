"""Wiring of the workers: one for each WhatsApp session."""

from app.domain.events import OfflineQueueDrained, RateLimitHoldsChanged, ReplyArrived
from app.domain.identifiers import SessionId
from app.services.messaging.dispatch import MessageDispatcher
from app.services.messaging.signal_sessions import SignalSessionRefresher
from app.services.notifications.in_doubt_resolver import InDoubtResolver
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.sender_failover import SenderFailover
from app.services.notifications.worker import Worker
from app.services.notifications.worker_pool import WorkerPool
from app.services.rate_limits.rate_limiter import RateLimiter
from app.services.runtime.dependencies import Ports, ServiceConfig
from app.services.runtime.foundation import Foundation


def build_workers(
    ports: Ports, config: ServiceConfig, base: Foundation, queue: NotificationQueueManager
) -> WorkerPool:
    def distrust(session_id: SessionId) -> None:
        connection = base.sessions.get(session_id)
        if connection and connection.is_open:
            # Of this connection alone: several doubts about it are no reason to log in several times.
            base.tasks.start(connection.renew(connection.generation), "reconnect_after_silence")

    def drained(session_id: SessionId) -> int:
        connection = base.sessions.get(session_id)
        return connection.offline_queue.drained_generation if connection else 0

    ratchets = SignalSessionRefresher(ports.store, ports.messenger, base.bus)
    dispatch = MessageDispatcher(
        ports.messenger, base.numbers, ratchets, ports.clock, base.opt_out_guard, base.before_send
    )
    workers = {
        pace.session_id: _worker(ports, config, base, queue, dispatch, pace) for pace in base.rate_limiters
    }
    for session_id, worker in workers.items():
        base.loops.add(f"worker:{session_id}", worker.run)
    crew = WorkerPool(list(workers.values()))
    queue.employ(crew)
    base.sessions.on_any_update(lambda _: crew.wake())
    base.bus.subscribe(OfflineQueueDrained, lambda _: crew.wake())
    base.bus.subscribe(RateLimitHoldsChanged, lambda _: crew.wake())
    # Who has written is a stranger no more, and what a restriction held goes.
    base.bus.subscribe(ReplyArrived, lambda _: crew.wake())
    InDoubtResolver(
        ports.store, base.bus, ports.clock, base.tasks, config.queue, crew.wake, distrust, drained
    )
    if config.take_over:
        take_over = SenderFailover(ports.store, base.bus, ports.clock, base.sessions, crew.wake)
        base.loops.add("take_over", take_over.run)
    return crew


def _worker(
    ports: Ports,
    config: ServiceConfig,
    base: Foundation,
    queue: NotificationQueueManager,
    dispatch: MessageDispatcher,
    pace: RateLimiter,
) -> Worker:
    def ready() -> bool:
        """Only after what waited at WhatsApp: a customer may have written PARAR while we were away (X1)."""
        connection = base.sessions.get(pace.session_id)
        drained = connection is not None and connection.offline_queue.drained_generation > 0
        return drained and base.sessions.is_connected(pace.session_id) and not queue.paused

    return Worker(
        ports.store,
        base.bus,
        ports.clock,
        ports.owner,
        config.queue,
        dispatch.deliver,
        ready,
        pace,
    )

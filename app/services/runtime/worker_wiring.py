"""Employs one worker for each WhatsApp session, with all it needs around it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.domain.events import OfflineQueueDrained, RateLimitHoldsChanged, ReplyArrived
from app.domain.identifiers import SessionId
from app.services.background_tasks import BackgroundTasks
from app.services.connection.sessions import Sessions
from app.services.event_bus import EventBus
from app.services.messaging.dispatch import MessageDispatcher
from app.services.messaging.number_check import NumberCheck
from app.services.messaging.opt_out_guard import OptOutGuard
from app.services.messaging.signal_sessions import SignalSessionRefresher
from app.services.notifications.in_doubt_resolver import InDoubtResolver
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.sender_failover import SenderFailover
from app.services.notifications.worker import Worker
from app.services.notifications.worker_pool import WorkerPool
from app.services.rate_limits.rate_limiter import RateLimiter
from app.services.rate_limits.rate_limiters import RateLimiters
from app.services.runtime.background_loops import BackgroundLoops
from app.services.runtime.dependencies import Ports, ServiceConfig


@dataclass(frozen=True, slots=True)
class WorkerDependencies:
    """What workers stand in the middle of."""

    bus: EventBus
    tasks: BackgroundTasks
    sessions: Sessions
    rate_limiters: RateLimiters
    queue: NotificationQueueManager
    numbers: NumberCheck
    opt_out_guard: OptOutGuard
    background: BackgroundLoops
    before_send: Callable[[], Awaitable[None]]


def build_workers(ports: Ports, choices: ServiceConfig, around: WorkerDependencies) -> WorkerPool:
    def distrust(session_id: SessionId) -> None:
        connection = around.sessions.get(session_id)
        if connection and connection.is_open:
            # Of this connection alone: several doubts about it are no reason to log in several times.
            around.tasks.start(connection.renew(connection.generation), "reconnect_after_silence")

    def drained(session_id: SessionId) -> int:
        connection = around.sessions.get(session_id)
        return connection.offline_queue.drained_generation if connection else 0

    ratchets = SignalSessionRefresher(ports.store, ports.messenger, around.bus)
    dispatch = MessageDispatcher(
        ports.messenger, around.numbers, ratchets, ports.clock, around.opt_out_guard, around.before_send
    )
    workers = {
        pace.session_id: _worker(ports, choices, around, dispatch, pace) for pace in around.rate_limiters
    }
    for session_id, worker in workers.items():
        around.background.add(f"worker:{session_id}", worker.run)
    crew = WorkerPool(list(workers.values()))
    around.queue.employ(crew)
    around.sessions.on_any_update(lambda _: crew.wake())
    around.bus.subscribe(OfflineQueueDrained, lambda _: crew.wake())
    around.bus.subscribe(RateLimitHoldsChanged, lambda _: crew.wake())
    # Who has written is a stranger no more, and what a restriction held goes.
    around.bus.subscribe(ReplyArrived, lambda _: crew.wake())
    InDoubtResolver(
        ports.store, around.bus, ports.clock, around.tasks, choices.queue, crew.wake, distrust, drained
    )
    if choices.take_over:
        take_over = SenderFailover(ports.store, around.bus, ports.clock, around.sessions, crew.wake)
        around.background.add("take_over", take_over.run)
    return crew


def _worker(
    ports: Ports,
    choices: ServiceConfig,
    around: WorkerDependencies,
    dispatch: MessageDispatcher,
    pace: RateLimiter,
) -> Worker:
    def ready() -> bool:
        """Only after what waited at WhatsApp: a customer may have written PARAR while we were away (X1)."""
        connection = around.sessions.get(pace.session_id)
        drained = connection is not None and connection.offline_queue.drained_generation > 0
        return drained and around.sessions.is_connected(pace.session_id) and not around.queue.paused

    return Worker(
        ports.store,
        around.bus,
        ports.clock,
        ports.owner,
        choices.queue,
        dispatch.deliver,
        ready,
        pace,
    )

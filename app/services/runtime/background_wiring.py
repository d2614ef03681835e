"""Wiring of the background services: loops, liveness monitors, workers, messenger events."""

from functools import partial

from app.domain.identifiers import SessionId
from app.services.connection.liveness_monitor import LivenessMonitor
from app.services.connection.manager import WhatsAppConnectionManager
from app.services.connection.recycling import Recycling
from app.services.messaging.account_lookup import AccountLookup
from app.services.messaging.inbox import Inbox
from app.services.messaging.opt_outs import OptOuts
from app.services.messaging.seen_accounts import SeenAccounts
from app.services.notifications.in_doubt_resolver import InDoubtResolver
from app.services.notifications.pruner import Pruner
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.receipts import ReceiptRecorder
from app.services.notifications.rescuer import Rescuer
from app.services.notifications.sender_failover import SenderFailover
from app.services.notifications.stale_sweep import StaleSweep
from app.services.notifications.worker_pool import WorkerPool
from app.services.orders.order_claims import OrderClaims
from app.services.rate_limits.status_notifier import RateLimitStatusNotifier
from app.services.runtime.background_services import BackgroundServices
from app.services.runtime.dependencies import Ports
from app.services.runtime.foundation import Foundation
from app.services.runtime.live_config import LiveConfig
from app.services.runtime.messenger_router import MessengerEventRouter
from app.services.storage.integrity_check import IntegrityCheck
from app.services.storage.unreadable_rows import UnreadableRows
from app.services.templates.manager import MessageTemplateManager


def build_background_services(
    ports: Ports,
    config: LiveConfig,
    base: Foundation,
    workers: WorkerPool,
    queue: NotificationQueueManager,
    templates: MessageTemplateManager,
    events: MessengerEventRouter,
) -> BackgroundServices:
    """Build the background services; each loop keeps the name under which `health` shows it."""
    pruner = Pruner(ports.store, ports.clock, base.schedule.trusted, config.retention)
    failover = _failover(ports, config, base, workers)
    _add_queue_loops(ports, config, base, workers, pruner)
    _add_storage_loops(ports, base)
    for connection in base.sessions:
        _add_liveness_loops(ports, config, base, connection)
    base.loops.add("take_over", failover.run)
    _add_worker_loops(base, workers, queue)
    return BackgroundServices(
        store=ports.store,
        messenger=ports.messenger,
        events=events,
        tasks=base.tasks,
        pin=base.pin,
        first_run=base.first_run,
        templates=templates,
        session_names=base.session_names,
        schedule=base.schedule,
        queue=queue,
        rescuer=Rescuer(ports.store, base.bus, ports.clock, ports.owner_alive),
        restore_detector=base.restore_detector,
        rate_limiters=base.rate_limiters,
        sessions=base.sessions,
        workers=workers,
        resolver=_resolver(ports, config, base, workers),
        failover=failover,
        pruner=pruner,
        loops=base.loops,
    )


def _add_worker_loops(base: Foundation, workers: WorkerPool, queue: NotificationQueueManager) -> None:
    for worker in workers:
        process = partial(queue.process_pending_notifications, worker.session_id)
        base.loops.add(f"worker:{worker.session_id}", partial(worker.run, process))


def build_event_router(
    ports: Ports, base: Foundation, opt_outs: OptOuts, inbox: Inbox, claims: OrderClaims
) -> MessengerEventRouter:
    return MessengerEventRouter(
        base.sessions,
        ReceiptRecorder(ports.store, base.bus, ports.clock, base.unread_senders.addresses),
        base.rate_limiters,
        opt_outs,
        inbox,
        claims,
        base.schedule,
        base.bus,
        SeenAccounts(ports.store, base.bus, ports.clock, base.identities),
        base.timers,
        ports.store,
    )


def _resolver(ports: Ports, config: LiveConfig, base: Foundation, workers: WorkerPool) -> InDoubtResolver:
    def distrust(session_id: SessionId) -> None:
        connection = base.sessions.get(session_id)
        if connection and connection.is_open:
            # Of this connection alone: several doubts about it are no reason to log in several times.
            base.tasks.start(connection.renew(connection.generation), "reconnect_after_silence")

    def drained(session_id: SessionId) -> int:
        connection = base.sessions.get(session_id)
        return connection.offline_queue.drained_generation if connection else 0

    return InDoubtResolver(ports.store, base.bus, ports.clock, config.queue, workers.wake, distrust, drained)


def _failover(ports: Ports, config: LiveConfig, base: Foundation, workers: WorkerPool) -> SenderFailover:
    return SenderFailover(ports.store, base.bus, ports.clock, base.sessions, workers.wake, config.take_over)


def _add_queue_loops(
    ports: Ports,
    config: LiveConfig,
    base: Foundation,
    workers: WorkerPool,
    pruner: Pruner,
) -> None:
    store, clock, bus, loops = ports.store, ports.clock, base.bus, base.loops
    sweep = StaleSweep(store, bus, clock, config.queue, base.schedule, workers.wake)
    loops.add("wall_watch", base.schedule.run)
    loops.add("stale_sweep", sweep.run)
    loops.add("pruner", pruner.run)
    loops.add("pace_news", RateLimitStatusNotifier(base.rate_limiters, bus, clock).run)
    loops.add("older_copy", base.restore_detector.run)
    lookup = AccountLookup(store, bus, clock, base.numbers, ports.phone_numbers, base.sessions)
    loops.add("account_lookup", lookup.run)


def _add_storage_loops(ports: Ports, base: Foundation) -> None:
    store, clock, loops = ports.store, ports.clock, base.loops
    loops.add("resealer", base.resealer.run)
    loops.add("soundness_check", IntegrityCheck(store, base.bus, clock).run)
    loops.add("unreadable_rows", UnreadableRows(store, base.bus, clock).run)


def _add_liveness_loops(
    ports: Ports, config: LiveConfig, base: Foundation, connection: WhatsAppConnectionManager
) -> None:
    recycling = Recycling(connection, ports.store, ports.clock, config.value.recycling)
    monitor = LivenessMonitor(connection, ports.messenger, ports.clock, config.value.liveness, recycling)
    session_id = connection.get_connection_status().session_id
    base.loops.add(f"truth_lamp:{session_id}", monitor.probe_loop)
    base.loops.add(f"truth_lamp_look:{session_id}", monitor.check_loop)

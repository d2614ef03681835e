"""Puts the services together over any set of ports, real or simulated."""

from collections.abc import Sequence

from app.domain.identifiers import SessionId
from app.services.access.permissions import may_lift_opt_out
from app.services.background_tasks import BackgroundTasks
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.connection.client_version import ClientVersionMemory
from app.services.connection.dependencies import ConnectionDependencies
from app.services.connection.liveness import LastResponse
from app.services.connection.liveness_monitor import LivenessMonitor
from app.services.connection.manager import WhatsAppConnectionManager
from app.services.connection.offline_queue_tracker import OfflineQueueTracker
from app.services.connection.reconnect import Reconnect
from app.services.connection.recycling import Recycling
from app.services.connection.sessions import Sessions
from app.services.connection.status_publisher import StatusPublisher
from app.services.event_bus import EventBus
from app.services.messaging.inbox import Inbox
from app.services.messaging.number_check import NumberCheck
from app.services.messaging.opt_out_guard import OptOutGuard
from app.services.messaging.opt_outs import OptOuts, confirmation_texts
from app.services.messaging.service import WhatsAppMessageService
from app.services.notifications.pruner import Pruner
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.receipts import ReceiptRecorder
from app.services.notifications.rescuer import Rescuer
from app.services.notifications.sender_assignment import SenderAssignment
from app.services.notifications.stale_sweep import StaleSweep
from app.services.orders.invitations import Invitations
from app.services.orders.order_board import OrderBoard
from app.services.orders.order_claims import OrderClaims
from app.services.orders.order_desk import OrderDesk
from app.services.orders.order_linking import OrderLinking
from app.services.orders.order_watcher import OrderWatcher
from app.services.rate_limits.rate_limiter import RateLimiter
from app.services.rate_limits.rate_limiters import RateLimiters
from app.services.rate_limits.status_notifier import RateLimitStatusNotifier
from app.services.runtime.background_loops import BackgroundLoops
from app.services.runtime.core import Core
from app.services.runtime.dependencies import Ports, ServiceConfig
from app.services.runtime.messenger_router import MessengerEventRouter
from app.services.runtime.restore_detector import RestoreDetector
from app.services.runtime.worker_wiring import WorkerDependencies, build_workers
from app.services.storage.resealer import Resealer
from app.services.storage.soundness_check import SoundnessCheck
from app.services.storage.unreadable_rows import UnreadableRows
from app.services.templates.manager import MessageTemplateManager


def build_core(ports: Ports, choices: ServiceConfig) -> Core:
    """A core that has not been started; `async with` starts it."""
    store, clock, bus, tasks, ids = (
        ports.store,
        ports.clock,
        EventBus(),
        BackgroundTasks(),
        choices.all_sessions,
    )
    sessions = Sessions([_connection(ports, choices, each, bus, tasks) for each in ids])
    (watch, paces), receipts = _rate_limiters(ports, choices, ids, bus), ReceiptRecorder(store, bus, clock)
    queue, sweep = _queue_services(ports, choices, ids, sessions, bus, watch)
    numbers, closed = NumberCheck(store, ports.messenger, clock), OptOutGuard()
    opt_outs = _opt_outs(ports, choices, bus, queue, closed)
    inbox = Inbox(store, queue, ports.phone_numbers, bus, clock, ports.entropy, choices.session_id)
    templates, messages = _messages(ports, choices, queue, numbers)
    watcher, greetings = _order_services(ports, choices, bus, messages, queue)
    background, pruner, older_copy = _background_services(
        ports, choices, bus, tasks, sessions, paces, watch, sweep
    )
    around = WorkerDependencies(
        bus, tasks, sessions, paces, queue, numbers, closed, background, older_copy.mark_before_send
    )
    return Core(
        bus=bus,
        connection=sessions.default,
        sessions=sessions,
        rate_limiters=paces,
        messages=messages,
        inbox=inbox,
        claims=greetings,
        invitations=Invitations(store, ports.paper, ids, choices.shop.name, choices.invitation_words),
        queue=queue,
        orders=OrderDesk(store, watcher, ports.phone_numbers, ports.entropy, choices.undo_window),
        board=OrderBoard(store, ports.phone_numbers, paces),
        watcher=watcher,
        templates=templates,
        clock=clock,
        tasks=tasks,
        store=store,
        messenger=ports.messenger,
        events=MessengerEventRouter(sessions, receipts, paces, opt_outs, inbox, greetings, watch, bus),
        rescuer=Rescuer(store, bus, clock, ports.owner_alive),
        restore_detector=older_copy,
        schedule=watch,
        workers=build_workers(ports, choices, around),
        opt_outs=opt_outs,
        pruner=pruner,
        background=background,
    )


def _background_services(
    ports: Ports,
    choices: ServiceConfig,
    bus: EventBus,
    tasks: BackgroundTasks,
    sessions: Sessions,
    paces: RateLimiters,
    watch: ScheduleAdjuster,
    sweep: StaleSweep,
) -> tuple[BackgroundLoops, Pruner, RestoreDetector]:
    """All loops but those of the workers, which `build_workers` adds."""
    background = BackgroundLoops(tasks, bus, ports.clock, ports.entropy)
    pruner = Pruner(ports.store, ports.clock, watch.trusted, choices.retention)
    older_copy = RestoreDetector(ports.store, ports.version, bus, ports.clock, choices.queue, ports.entropy)
    background.add("wall_watch", watch.run)
    background.add("stale_sweep", sweep.run)
    background.add("pruner", pruner.run)
    background.add("pace_news", RateLimitStatusNotifier(paces, bus, ports.clock).run)
    background.add("older_copy", older_copy.run)
    background.add("resealer", Resealer(ports.store, ports.clock).run)
    background.add("soundness_check", SoundnessCheck(ports.store, bus, ports.clock).run)
    background.add("unreadable_rows", UnreadableRows(ports.store, bus, ports.clock).run)
    for connection in sessions:
        lamp, session_id = (
            _liveness_monitor(ports, choices, connection),
            connection.get_connection_status().session_id,
        )
        background.add(f"truth_lamp:{session_id}", lamp.probe_loop)
        background.add(f"truth_lamp_look:{session_id}", lamp.check_loop)
    return background, pruner, older_copy


def _queue_services(
    ports: Ports,
    choices: ServiceConfig,
    ids: Sequence[SessionId],
    sessions: Sessions,
    bus: EventBus,
    watch: ScheduleAdjuster,
) -> tuple[NotificationQueueManager, StaleSweep]:
    senders = SenderAssignment(ports.vault, ids, sessions.is_out)
    queue = NotificationQueueManager(
        ports.store, ports.vault, bus, ports.clock, senders, choices.queue, ports.phone_numbers
    )
    return queue, StaleSweep(ports.store, bus, ports.clock, choices.queue, watch, queue.wake)


def _rate_limiters(
    ports: Ports, choices: ServiceConfig, ids: Sequence[SessionId], bus: EventBus
) -> tuple[ScheduleAdjuster, RateLimiters]:
    watch = ScheduleAdjuster(ports.store, bus, ports.clock, ports.owner.boot)
    each_pace = [RateLimiter(each, choices.rate_limits, watch, ports.entropy) for each in ids]
    return watch, RateLimiters(ports.store, bus, ports.clock, each_pace, choices.queue)


def _order_services(
    ports: Ports,
    choices: ServiceConfig,
    bus: EventBus,
    messages: WhatsAppMessageService,
    queue: NotificationQueueManager,
) -> tuple[OrderWatcher, OrderClaims]:
    watcher = OrderWatcher(ports.store, bus, ports.clock, messages, queue, choices.queue, choices.retention)
    linking = OrderLinking(watcher, messages, ports.clock, choices.queue)
    return watcher, OrderClaims(ports.store, bus, ports.clock, watcher, linking)


def _opt_outs(
    ports: Ports,
    choices: ServiceConfig,
    bus: EventBus,
    queue: NotificationQueueManager,
    closed: OptOutGuard,
) -> OptOuts:
    return OptOuts(
        store=ports.store,
        queue=queue,
        bus=bus,
        clock=ports.clock,
        phone_numbers=ports.phone_numbers,
        closed=closed,
        texts=confirmation_texts(choices.opt_out_texts, choices.shop),
        may_lift=may_lift_opt_out,
    )


def _messages(
    ports: Ports,
    choices: ServiceConfig,
    queue: NotificationQueueManager,
    numbers: NumberCheck,
) -> tuple[MessageTemplateManager, WhatsAppMessageService]:
    templates = MessageTemplateManager(ports.store, choices.templates, choices.shop)
    return templates, WhatsAppMessageService(
        ports.store,
        queue,
        templates,
        ports.phone_numbers,
        numbers,
        ports.clock,
        ports.entropy,
        choices.session_id,
        choices.undo_window,
    )


def _connection(
    ports: Ports, choices: ServiceConfig, session_id: SessionId, bus: EventBus, tasks: BackgroundTasks
) -> WhatsAppConnectionManager:
    proof = LastResponse(ports.clock, choices.liveness)
    return WhatsAppConnectionManager(
        ConnectionDependencies(
            store=ports.store,
            messenger=ports.messenger,
            bus=bus,
            clock=ports.clock,
            tasks=tasks,
            publisher=StatusPublisher(session_id, bus, proof),
            last_response=proof,
            reconnect=Reconnect(ports.clock, ports.entropy),
            client_versions=ClientVersionMemory(ports.store, choices.client_version),
            offline_queue=OfflineQueueTracker(session_id, bus, ports.clock, tasks),
        )
    )


def _liveness_monitor(
    ports: Ports, choices: ServiceConfig, connection: WhatsAppConnectionManager
) -> LivenessMonitor:
    recycling = Recycling(connection, ports.store, ports.clock, choices.recycling)
    return LivenessMonitor(connection, ports.messenger, ports.clock, choices.liveness, recycling)

"""Services that both the background and the front ends build upon."""

from dataclasses import dataclass

from app.domain.identifiers import SessionId
from app.services.access.audit_log import AuditLog
from app.services.access.gate import AccessGate
from app.services.access.pin import ManagerPin
from app.services.background_tasks import BackgroundTasks
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.connection.client_version import ClientVersionMemory
from app.services.connection.dependencies import ConnectionDependencies
from app.services.connection.liveness import LastResponse
from app.services.connection.manager import WhatsAppConnectionManager
from app.services.connection.network_watch import NetworkWatch
from app.services.connection.offline_queue_tracker import OfflineQueueTracker
from app.services.connection.reconnect import Reconnect
from app.services.connection.relink_guard import RelinkGuard
from app.services.connection.sessions import Sessions
from app.services.connection.status_publisher import StatusPublisher
from app.services.connection.temporary_ban import TemporaryBan
from app.services.connection.unread_senders import UnreadSenders
from app.services.event_bus import EventBus
from app.services.messaging.chat_timers import ChatTimers
from app.services.messaging.customer_identities import CustomerIdentities
from app.services.messaging.number_check import NumberCheck
from app.services.messaging.opt_out_guard import OptOutGuard
from app.services.rate_limits.rate_limiter import RateLimiter
from app.services.rate_limits.rate_limiters import RateLimiters
from app.services.runtime.background_loops import BackgroundLoops
from app.services.runtime.dependencies import Ports
from app.services.runtime.live_config import LiveConfig
from app.services.runtime.restore_detector import RestoreDetector
from app.services.settings.session_names import SessionNames
from app.services.setup.first_run import FirstRun
from app.services.storage.resealer import Resealer


@dataclass(frozen=True, slots=True)
class Foundation:
    """Foundation of the wiring: each of these depends on the ports alone."""

    bus: EventBus
    tasks: BackgroundTasks
    pin: ManagerPin
    audit: AuditLog
    gate: AccessGate
    sessions: Sessions
    first_run: FirstRun
    schedule: ScheduleAdjuster
    rate_limiters: RateLimiters
    identities: CustomerIdentities
    numbers: NumberCheck
    timers: ChatTimers
    opt_out_guard: OptOutGuard
    unread_senders: UnreadSenders
    restore_detector: RestoreDetector
    resealer: Resealer
    session_names: SessionNames
    loops: BackgroundLoops


def build_foundation(ports: Ports, config: LiveConfig) -> Foundation:
    bus, tasks, sessions_of_shop = EventBus(), BackgroundTasks(), config.value.all_sessions
    audit = AuditLog(ports.store, ports.vault, ports.clock)
    pin = ManagerPin(ports.store, ports.vault, ports.pin_hasher, ports.clock, audit)
    gate = AccessGate(pin, audit, ports.clock, bus, config.auto_lock)
    unread = UnreadSenders(ports.clock, config.value.offline_queue)
    sessions = Sessions(
        [_connection(ports, config, each, bus, tasks, unread, gate) for each in sessions_of_shop]
    )
    schedule = ScheduleAdjuster(ports.store, bus, ports.clock, ports.owner.boot)
    limiters = [RateLimiter(each, config.rate_limits, schedule, ports.entropy) for each in sessions_of_shop]
    guard = OptOutGuard()
    identities = CustomerIdentities(ports.clock, guard)
    return Foundation(
        bus=bus,
        tasks=tasks,
        pin=pin,
        audit=audit,
        gate=gate,
        sessions=sessions,
        first_run=FirstRun(ports.store, bus, sessions, pin, ports.custody),
        schedule=schedule,
        rate_limiters=RateLimiters(ports.store, bus, ports.clock, limiters, config.queue),
        identities=identities,
        numbers=NumberCheck(ports.store, ports.messenger, ports.clock, bus, identities),
        timers=ChatTimers(ports.store),
        opt_out_guard=guard,
        unread_senders=unread,
        restore_detector=RestoreDetector(
            ports.store, ports.version, bus, ports.clock, config.queue, ports.entropy
        ),
        resealer=Resealer(ports.store, ports.clock),
        session_names=SessionNames(ports.store, bus, gate, sessions_of_shop),
        loops=BackgroundLoops(tasks, bus, ports.clock, ports.entropy),
    )


def _connection(
    ports: Ports,
    config: LiveConfig,
    session_id: SessionId,
    bus: EventBus,
    tasks: BackgroundTasks,
    unread: UnreadSenders,
    gate: AccessGate,
) -> WhatsAppConnectionManager:
    last_response = LastResponse(ports.clock, config.value.liveness)
    return WhatsAppConnectionManager(
        ConnectionDependencies(
            store=ports.store,
            messenger=ports.messenger,
            bus=bus,
            clock=ports.clock,
            tasks=tasks,
            publisher=StatusPublisher(session_id, bus, last_response),
            last_response=last_response,
            reconnect=Reconnect(
                session_id,
                ports.clock,
                ports.entropy,
                NetworkWatch(session_id, ports.store, ports.messenger, ports.clock),
                TemporaryBan(session_id, ports.store, ports.clock, tasks),
            ),
            client_versions=ClientVersionMemory(ports.store, config.value.client_version),
            offline_queue=OfflineQueueTracker(
                session_id, bus, ports.clock, tasks, unread, config.value.offline_queue
            ),
            relink=RelinkGuard(
                session_id, ports.messenger, ports.store, ports.vault, gate, ports.clock, tasks
            ),
        )
    )

"""Dependencies of one connection manager."""

from dataclasses import dataclass

from app.ports.clock import Clock
from app.ports.messenger import Messenger
from app.ports.store import Store
from app.services.background_tasks import BackgroundTasks
from app.services.connection.client_version import ClientVersionMemory
from app.services.connection.liveness import LastResponse
from app.services.connection.offline_queue_tracker import OfflineQueueTracker
from app.services.connection.reconnect import Reconnect
from app.services.connection.relink_guard import RelinkGuard
from app.services.connection.status_publisher import StatusPublisher
from app.services.event_bus import EventBus


@dataclass(frozen=True, slots=True)
class ConnectionDependencies:
    """Shared services, then this session's own from `publisher` on."""

    store: Store
    messenger: Messenger
    bus: EventBus
    clock: Clock
    tasks: BackgroundTasks
    publisher: StatusPublisher
    last_response: LastResponse
    reconnect: Reconnect
    client_versions: ClientVersionMemory
    offline_queue: OfflineQueueTracker
    relink: RelinkGuard

"""What a connection is kept with."""

from dataclasses import dataclass

from app.ports.clock import Clock
from app.ports.messenger import Messenger
from app.ports.store import Store
from app.services.background_tasks import BackgroundTasks
from app.services.connection.draining import Draining
from app.services.connection.proof import Proof
from app.services.connection.reconnect import Reconnect
from app.services.connection.shown_status import ShownStatus
from app.services.connection.versions import Versions
from app.services.event_bus import EventBus


@dataclass(frozen=True, slots=True)
class Means:
    """`shown` and what follows are this session's own."""

    store: Store
    messenger: Messenger
    bus: EventBus
    clock: Clock
    tasks: BackgroundTasks
    shown: ShownStatus
    proof: Proof
    reconnect: Reconnect
    versions: Versions
    draining: Draining

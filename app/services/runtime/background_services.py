"""Background services of the core: started in order, stopped in reverse, every wait bounded."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.ports.messenger import Messenger
from app.ports.store import Store
from app.services.access.pin import ManagerPin
from app.services.background_tasks import BackgroundTasks
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.connection.sessions import Sessions
from app.services.notifications.in_doubt_resolver import InDoubtResolver
from app.services.notifications.pruner import Pruner
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.rescuer import Rescuer
from app.services.notifications.sender_failover import SenderFailover
from app.services.notifications.worker_pool import WorkerPool
from app.services.rate_limits.rate_limiters import RateLimiters
from app.services.runtime.background_loops import BackgroundLoops, LoopHealth
from app.services.runtime.messenger_router import MessengerEventRouter
from app.services.runtime.restore_detector import RestoreDetector
from app.services.settings.session_names import SessionNames
from app.services.setup.first_run import FirstRun
from app.services.templates.manager import MessageTemplateManager

_log = logging.getLogger(__name__)
# The messenger ends itself and its child within seven seconds; this bounds any other part that hangs.
_STOP_WITHIN = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class BackgroundServices:
    """Owner of the start and stop order; front ends read its `health` and start their own `tasks`."""

    store: Store
    messenger: Messenger
    events: MessengerEventRouter
    tasks: BackgroundTasks
    pin: ManagerPin
    first_run: FirstRun
    templates: MessageTemplateManager
    session_names: SessionNames
    schedule: ScheduleAdjuster
    queue: NotificationQueueManager
    rescuer: Rescuer
    restore_detector: RestoreDetector
    rate_limiters: RateLimiters
    sessions: Sessions
    workers: WorkerPool
    resolver: InDoubtResolver
    failover: SenderFailover
    pruner: Pruner
    loops: BackgroundLoops

    def health(self) -> Sequence[LoopHealth]:
        """Return the present health of each background loop."""
        return self.loops.health()

    async def start(self) -> None:
        """Repair the database first, then start the messenger, the loops and the connections."""
        self.resolver.start()
        self.failover.start()
        await self.pin.load()
        await self.first_run.load()
        await self.templates.load()
        await self.session_names.load()
        await self.schedule.start()
        await self.queue.restore()
        await self.rescuer.rescue()
        await self.restore_detector.compare_with_mark()
        await self.rate_limiters.resume()
        await self.messenger.start(self.events)
        self.loops.start()
        await self.sessions.initialize()

    async def stop(self) -> None:
        """Begin no attempt, settle those in flight, then close the database; a failure of one part stops no other."""
        finish = self.workers.finish
        quiet = (finish, self.messenger.stop, finish, self.resolver.stop, self.failover.stop)
        for ending in (*quiet, self.tasks.stop, self.restore_detector.close, self.store.close):
            try:
                async with asyncio.timeout(_STOP_WITHIN.total_seconds()):
                    await ending()
            except Exception:  # noqa: BLE001 - each part ends independently of the others
                _log.exception("stop_failed", extra={"part": ending.__qualname__})

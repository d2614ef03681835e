"""The handful of services that a front end is given, started in order and stopped in reverse."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self

from app.domain.errors import DatabaseBusyError, DatabaseHeldError
from app.ports.clock import Clock
from app.ports.messenger import Messenger
from app.ports.store import Store
from app.services.background_tasks import BackgroundTasks, run_shielded
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.connection.manager import WhatsAppConnectionManager
from app.services.connection.sessions import Sessions
from app.services.event_bus import EventBus
from app.services.messaging.inbox import Inbox
from app.services.messaging.opt_outs import OptOuts
from app.services.messaging.service import WhatsAppMessageService
from app.services.notifications.pruner import Pruner
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.rescuer import Rescuer
from app.services.notifications.worker_pool import WorkerPool
from app.services.orders.invitations import Invitations
from app.services.orders.order_board import OrderBoard
from app.services.orders.order_claims import OrderClaims
from app.services.orders.order_desk import OrderDesk
from app.services.orders.order_watcher import OrderWatcher
from app.services.rate_limits.rate_limiters import RateLimiters
from app.services.runtime.background_loops import BackgroundLoops
from app.services.runtime.messenger_router import MessengerEventRouter
from app.services.runtime.restore_detector import RestoreDetector
from app.services.templates.manager import MessageTemplateManager

_log = logging.getLogger(__name__)
# The messenger ends itself and its child within seven seconds; this is for whatever else might hang.
_STOP_WITHIN = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class Core:
    """`async with core` is a running shop; the fields up to `templates` are for front ends."""

    bus: EventBus
    connection: WhatsAppConnectionManager
    sessions: Sessions
    rate_limiters: RateLimiters
    messages: WhatsAppMessageService
    inbox: Inbox
    invitations: Invitations
    claims: OrderClaims
    queue: NotificationQueueManager
    orders: OrderDesk
    board: OrderBoard
    watcher: OrderWatcher
    templates: MessageTemplateManager
    clock: Clock
    tasks: BackgroundTasks
    store: Store
    messenger: Messenger
    events: MessengerEventRouter
    rescuer: Rescuer
    restore_detector: RestoreDetector
    schedule: ScheduleAdjuster
    workers: WorkerPool
    opt_outs: OptOuts
    pruner: Pruner
    background: BackgroundLoops

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException as error:
            await run_shielded(self._stop())
            if isinstance(error, DatabaseBusyError):
                raise DatabaseHeldError from error
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await run_shielded(self._stop())

    async def _start(self) -> None:
        await self.templates.load()
        await self.schedule.start()
        await self.queue.restore()
        await self.rescuer.rescue()
        await self.restore_detector.compare_with_mark()
        await self.rate_limiters.resume()
        await self.messenger.start(self.events)
        self.background.start()
        await self.sessions.initialize()

    async def _stop(self) -> None:
        """Nothing new is begun, what is in flight is answered, then the database closes."""
        finish = self.workers.finish
        quiet = (finish, self.messenger.stop, finish, self.tasks.stop)
        for ending in (*quiet, self.restore_detector.close, self.store.close):
            try:
                async with asyncio.timeout(_STOP_WITHIN.total_seconds()):
                    await ending()
            except Exception:  # noqa: BLE001 - each part ends whatever became of the others
                _log.exception("stop_failed", extra={"part": ending.__qualname__})

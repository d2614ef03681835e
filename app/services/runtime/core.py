"""Facade of the services for front ends; its context manager starts and stops them."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from app.domain.errors import DatabaseBusyError, DatabaseHeldError
from app.ports.clock import Clock
from app.services.access.services import AccessServices
from app.services.background_tasks import run_shielded
from app.services.connection.manager import WhatsAppConnectionManager
from app.services.connection.sessions import Sessions
from app.services.event_bus import EventBus
from app.services.messaging.inbox import Inbox
from app.services.messaging.opt_outs import OptOuts
from app.services.messaging.service import WhatsAppMessageService
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.orders.invitations import Invitations
from app.services.orders.order_board import OrderBoard
from app.services.orders.order_claims import OrderClaims
from app.services.orders.order_entry import OrderEntry
from app.services.orders.order_telling import OrderTelling
from app.services.orders.order_watcher import OrderWatcher
from app.services.rate_limits.rate_limiters import RateLimiters
from app.services.runtime.background_services import BackgroundServices
from app.services.settings.shop_settings import ShopSettings
from app.services.setup.services import SetupServices
from app.services.templates.manager import MessageTemplateManager


@dataclass(frozen=True, slots=True)
class Core:
    """Services of a running shop; `async with core` starts them, and stops them in reverse order."""

    bus: EventBus
    clock: Clock
    access: AccessServices
    connection: WhatsAppConnectionManager
    sessions: Sessions
    rate_limiters: RateLimiters
    messages: WhatsAppMessageService
    inbox: Inbox
    opt_outs: OptOuts
    invitations: Invitations
    claims: OrderClaims
    queue: NotificationQueueManager
    orders: OrderEntry
    telling: OrderTelling
    board: OrderBoard
    watcher: OrderWatcher
    templates: MessageTemplateManager
    settings: ShopSettings
    setup: SetupServices
    background: BackgroundServices

    async def __aenter__(self) -> Self:
        try:
            await self.background.start()
        except BaseException as error:
            await run_shielded(self.background.stop())
            if isinstance(error, DatabaseBusyError):
                raise DatabaseHeldError from error
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await run_shielded(self.background.stop())

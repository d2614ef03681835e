"""Wiring of the services over any set of ports, real or simulated."""

from app.services.access.pin_reset_code import PinResetCode
from app.services.access.recovery import Recovery
from app.services.access.services import AccessServices
from app.services.messaging.inbox import Inbox
from app.services.messaging.opt_outs import OptOuts, confirmation_texts
from app.services.messaging.own_number import OwnNumber
from app.services.messaging.read_receipts import ReadReceipts
from app.services.messaging.service import WhatsAppMessageService
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.sender_assignment import SenderAssignment
from app.services.notifications.worker_pool import WorkerPool
from app.services.orders.invitations import Invitations
from app.services.orders.order_board import OrderBoard
from app.services.orders.order_claims import OrderClaims
from app.services.orders.order_entry import OrderEntry
from app.services.orders.order_linking import OrderLinking
from app.services.orders.order_telling import OrderTelling
from app.services.orders.order_watcher import OrderWatcher
from app.services.runtime.background_wiring import build_background_services, build_event_router
from app.services.runtime.core import Core
from app.services.runtime.dependencies import Ports
from app.services.runtime.foundation import Foundation, build_foundation
from app.services.runtime.live_config import LiveConfig
from app.services.runtime.worker_wiring import build_workers
from app.services.settings.shop_settings import ShopSettings
from app.services.setup.first_message import FirstMessage
from app.services.setup.services import SetupServices
from app.services.templates.manager import MessageTemplateManager
from app.services.templates.pickup_offer import PickupOffer


def build_core(ports: Ports, config: LiveConfig) -> Core:
    """Build a core that has not been started; `async with` starts it."""
    base = build_foundation(ports, config)
    store, clock = ports.store, ports.clock
    workers = build_workers(ports, config, base)
    queue = _queue(ports, config, base, workers)
    opt_outs = _opt_outs(ports, config, base, queue)
    inbox = _inbox(ports, config, base, queue)
    offer = PickupOffer(store, base.bus, config.value.pickup_texts["offer"], base.gate)
    templates = MessageTemplateManager(store, config.value.templates, config.shop, offer, base.gate)
    messages = _messages(ports, config, base, queue, templates)
    watcher = OrderWatcher(store, base.bus, clock, messages, queue, config.queue, config.retention)
    linking = OrderLinking(watcher, messages, clock, config.queue)
    claims = OrderClaims(store, base.bus, clock, watcher, linking, base.identities)
    events = build_event_router(ports, base, opt_outs, inbox, claims)
    return Core(
        bus=base.bus,
        clock=clock,
        access=_access(ports, config, base, queue),
        connection=base.sessions.default,
        sessions=base.sessions,
        rate_limiters=base.rate_limiters,
        messages=messages,
        inbox=inbox,
        opt_outs=opt_outs,
        invitations=_invitations(ports, config),
        claims=claims,
        queue=queue,
        orders=OrderEntry(
            store, watcher, base.bus, clock, ports.phone_numbers, ports.entropy, config.undo_window
        ),
        telling=OrderTelling(store, base.bus, clock, ports.phone_numbers, watcher, linking, messages, queue),
        board=OrderBoard(store, ports.phone_numbers, base.rate_limiters, offer),
        watcher=watcher,
        templates=templates,
        settings=_settings(ports, config, base),
        setup=SetupServices(base.first_run, FirstMessage(store, messages)),
        background=build_background_services(ports, config, base, workers, queue, templates, events),
    )


def _settings(ports: Ports, config: LiveConfig, base: Foundation) -> ShopSettings:
    return ShopSettings(
        store=ports.store,
        bus=base.bus,
        gate=base.gate,
        sources=config.sources,
        put_in_force=config.put_in_force,
        session_names=base.session_names,
    )


def _access(
    ports: Ports, config: LiveConfig, base: Foundation, queue: NotificationQueueManager
) -> AccessServices:
    reset_code = _reset_code(ports, config, base, queue)
    return AccessServices(base.gate, base.audit, _recovery(ports, base), reset_code)


def _recovery(ports: Ports, base: Foundation) -> Recovery:
    return Recovery(
        custody=ports.custody,
        gate=base.gate,
        pin=base.pin,
        audit=base.audit,
        entropy=ports.entropy,
        reseal=base.resealer.request,
    )


def _reset_code(
    ports: Ports, config: LiveConfig, base: Foundation, queue: NotificationQueueManager
) -> PinResetCode:
    own_number = OwnNumber(
        store=ports.store,
        bus=base.bus,
        queue=queue,
        sessions=base.sessions,
        clock=ports.clock,
        entropy=ports.entropy,
        policy=config.queue,
        text=config.value.own_number_texts["pin_code"],
    )
    return PinResetCode(
        store=ports.store,
        vault=ports.vault,
        clock=ports.clock,
        entropy=ports.entropy,
        gate=base.gate,
        pin=base.pin,
        audit=base.audit,
        sender=own_number,
    )


def _queue(
    ports: Ports, config: LiveConfig, base: Foundation, workers: WorkerPool
) -> NotificationQueueManager:
    senders = SenderAssignment(ports.vault, config.value.all_sessions, base.sessions.is_out)
    return NotificationQueueManager(
        store=ports.store,
        vault=ports.vault,
        bus=base.bus,
        clock=ports.clock,
        senders=senders,
        policy=config.queue,
        phone_numbers=ports.phone_numbers,
        workers=workers,
    )


def _inbox(ports: Ports, config: LiveConfig, base: Foundation, queue: NotificationQueueManager) -> Inbox:
    return Inbox(
        store=ports.store,
        queue=queue,
        phone_numbers=ports.phone_numbers,
        bus=base.bus,
        clock=ports.clock,
        entropy=ports.entropy,
        session_id=config.value.session_id,
        identities=base.identities,
        read_receipts=ReadReceipts(ports.messenger, base.tasks, config.read_receipts),
    )


def _opt_outs(ports: Ports, config: LiveConfig, base: Foundation, queue: NotificationQueueManager) -> OptOuts:
    return OptOuts(
        store=ports.store,
        queue=queue,
        bus=base.bus,
        clock=ports.clock,
        phone_numbers=ports.phone_numbers,
        guard=base.opt_out_guard,
        identities=base.identities,
        texts=lambda: confirmation_texts(config.value.opt_out_texts, config.shop()),
        gate=base.gate,
    )


def _messages(
    ports: Ports,
    config: LiveConfig,
    base: Foundation,
    queue: NotificationQueueManager,
    templates: MessageTemplateManager,
) -> WhatsAppMessageService:
    return WhatsAppMessageService(
        store=ports.store,
        queue=queue,
        templates=templates,
        phone_numbers=ports.phone_numbers,
        number_check=base.numbers,
        clock=ports.clock,
        entropy=ports.entropy,
        session_id=config.value.session_id,
        undo_window=config.undo_window,
    )


def _invitations(ports: Ports, config: LiveConfig) -> Invitations:
    return Invitations(
        ports.store, ports.paper, config.value.all_sessions, config.shop_name, config.value.invitation_words
    )

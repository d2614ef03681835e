"""Puts the services together over any set of ports, real or simulated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from app.domain.identifiers import SessionId
from app.domain.lease import LeaseOwner
from app.domain.template import MessageTemplate
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.messenger import Messenger
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Store
from app.ports.vault import Vault
from app.services.access.permissions import may_lift_opt_out
from app.services.connection.manager import WhatsAppConnectionManager
from app.services.connection.reconnect import Reconnect
from app.services.core import Core
from app.services.event_bus import EventBus
from app.services.incoming import Incoming
from app.services.lifecycle import Tasks
from app.services.messaging.closed_numbers import ClosedNumbers
from app.services.messaging.dispatch import Dispatch
from app.services.messaging.number_check import NumberCheck
from app.services.messaging.opt_outs import OptOuts, confirmation_texts
from app.services.messaging.ratchets import Ratchets
from app.services.messaging.service import WhatsAppMessageService
from app.services.notifications.doubts import Doubts
from app.services.notifications.pruner import Pruner
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.queue_policy import QueuePolicy
from app.services.notifications.receipts import Receipts
from app.services.notifications.rescuer import Rescuer
from app.services.notifications.worker import Worker
from app.services.orders.order_board import OrderBoard
from app.services.orders.order_desk import OrderDesk
from app.services.orders.order_watcher import OrderWatcher
from app.services.templates.manager import MessageTemplateManager
from app.services.templates.values import ShopProfile


@dataclass(frozen=True, slots=True)
class Ports:
    """The world that the services work in."""

    store: Store
    messenger: Messenger
    vault: Vault
    clock: Clock
    entropy: Entropy
    phone_numbers: PhoneNumbers
    owner: LeaseOwner
    owner_alive: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the shop decided."""

    session_id: SessionId
    templates: tuple[MessageTemplate, ...]
    opt_out_texts: Mapping[str, str]
    shop: ShopProfile = field(default_factory=ShopProfile)
    queue: QueuePolicy = field(default_factory=QueuePolicy)
    retention: timedelta = timedelta(days=90)


def assemble(ports: Ports, choices: Choices) -> Core:
    """A core that has not been started; `async with` starts it."""
    store, messenger, clock = ports.store, ports.messenger, ports.clock
    bus, tasks = EventBus(), Tasks()
    reconnect = Reconnect(clock, ports.entropy)
    connection = WhatsAppConnectionManager(choices.session_id, store, messenger, bus, clock, tasks, reconnect)
    templates = MessageTemplateManager(store, choices.templates, choices.shop)
    queue = NotificationQueueManager(store, ports.vault, bus, clock)
    numbers, closed = NumberCheck(store, messenger, clock), ClosedNumbers()
    opt_outs = _opt_outs(ports, choices, bus, queue, closed)
    messages = WhatsAppMessageService(
        store, queue, templates, ports.phone_numbers, numbers, clock, ports.entropy, choices.session_id
    )
    watcher = OrderWatcher(store, bus, messages, queue)
    return Core(
        bus=bus,
        connection=connection,
        messages=messages,
        queue=queue,
        orders=OrderDesk(store, watcher, ports.phone_numbers, ports.entropy),
        board=OrderBoard(store, ports.phone_numbers),
        watcher=watcher,
        templates=templates,
        clock=clock,
        tasks=tasks,
        store=store,
        messenger=messenger,
        incoming=Incoming(connection, Receipts(store, bus, clock), opt_outs, bus),
        rescuer=Rescuer(store, bus, clock, ports.owner_alive),
        worker=_worker(ports, choices, bus, tasks, connection, queue, numbers, closed),
        opt_outs=opt_outs,
        pruner=Pruner(store, clock, choices.retention),
    )


def _opt_outs(
    ports: Ports, choices: Choices, bus: EventBus, queue: NotificationQueueManager, closed: ClosedNumbers
) -> OptOuts:
    return OptOuts(
        store=ports.store,
        queue=queue,
        bus=bus,
        clock=ports.clock,
        entropy=ports.entropy,
        phone_numbers=ports.phone_numbers,
        closed=closed,
        texts=confirmation_texts(choices.opt_out_texts, choices.shop),
        may_lift=may_lift_opt_out,
    )


def _worker(
    ports: Ports,
    choices: Choices,
    bus: EventBus,
    tasks: Tasks,
    connection: WhatsAppConnectionManager,
    queue: NotificationQueueManager,
    numbers: NumberCheck,
    closed: ClosedNumbers,
) -> Worker:
    def ready() -> bool:
        return connection.get_connection_status().is_connected and not queue.paused

    def distrust(_: SessionId) -> None:
        tasks.start(connection.reconnect(), "reconnect_after_silence")

    dispatch = Dispatch(
        ports.messenger, numbers, Ratchets(ports.store, ports.messenger), ports.clock, closed, distrust
    )
    worker = Worker(ports.store, bus, ports.clock, ports.owner, choices.queue, dispatch.deliver, ready)
    queue.employ(worker)
    connection.on_connection_update(lambda _: worker.wake())
    Doubts(ports.store, bus, ports.clock, tasks, worker.wake)
    return worker

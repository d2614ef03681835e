"""Puts the services together over any set of ports, real or simulated."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from app.domain.events import PaceChanged
from app.domain.identifiers import SessionId
from app.domain.lease import LeaseOwner
from app.domain.pacing import PacePolicy
from app.domain.template import MessageTemplate
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.messenger import Messenger
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Store
from app.ports.vault import Vault
from app.services.connection.manager import WhatsAppConnectionManager
from app.services.connection.reconnect import Reconnect
from app.services.connection.sessions import Sessions
from app.services.core import Core
from app.services.event_bus import EventBus
from app.services.incoming import Incoming
from app.services.lifecycle import Tasks
from app.services.messaging.dispatch import Dispatch
from app.services.messaging.number_check import NumberCheck
from app.services.messaging.ratchets import Ratchets
from app.services.messaging.service import WhatsAppMessageService
from app.services.notifications.crew import Crew
from app.services.notifications.doubts import Doubts
from app.services.notifications.pace import Pace
from app.services.notifications.paces import Paces
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.queue_policy import QueuePolicy
from app.services.notifications.receipts import Receipts
from app.services.notifications.rescuer import Rescuer
from app.services.notifications.senders import Senders
from app.services.notifications.take_over import TakeOver
from app.services.notifications.wall_watch import WallWatch
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
    shop: ShopProfile = field(default_factory=ShopProfile)
    queue: QueuePolicy = field(default_factory=QueuePolicy)
    undo_window: timedelta = timedelta(0)
    pace: PacePolicy = field(default_factory=PacePolicy)
    more_sessions: tuple[SessionId, ...] = ()
    take_over: bool = False
    """Whether a second number may tell the customers of one that is out (Q9)."""


def assemble(ports: Ports, choices: Choices) -> Core:
    """A core that has not been started; `async with` starts it."""
    store, messenger, clock = ports.store, ports.messenger, ports.clock
    bus, tasks, ids = EventBus(), Tasks(), (choices.session_id, *choices.more_sessions)
    sessions = Sessions([_connection(ports, session_id, bus, tasks) for session_id in ids])
    watch = WallWatch(store, bus, clock)
    paces = Paces(store, bus, clock, [Pace(each, choices.pace, watch, ports.entropy) for each in ids])
    templates = MessageTemplateManager(store, choices.templates, choices.shop)
    senders = Senders(ports.vault, ids, sessions.is_out)
    queue = NotificationQueueManager(store, ports.vault, bus, clock, senders)
    numbers = NumberCheck(store, messenger, clock)
    messages = WhatsAppMessageService(
        store,
        queue,
        templates,
        ports.phone_numbers,
        numbers,
        clock,
        ports.entropy,
        choices.session_id,
        choices.undo_window,
    )
    watcher = OrderWatcher(store, bus, clock, messages, queue, choices.queue)
    return Core(
        bus=bus,
        connection=sessions.default,
        sessions=sessions,
        paces=paces,
        messages=messages,
        queue=queue,
        orders=OrderDesk(store, watcher, ports.phone_numbers, ports.entropy, choices.undo_window),
        board=OrderBoard(store, ports.phone_numbers),
        watcher=watcher,
        templates=templates,
        clock=clock,
        tasks=tasks,
        store=store,
        messenger=messenger,
        incoming=Incoming(sessions, Receipts(store, bus, clock), paces, store, bus),
        rescuer=Rescuer(store, bus, clock, ports.owner_alive),
        watch=watch,
        crew=_crew(ports, choices, Around(bus, tasks, sessions, paces, queue, numbers)),
    )


@dataclass(frozen=True, slots=True)
class Around:
    """What workers stand in the middle of."""

    bus: EventBus
    tasks: Tasks
    sessions: Sessions
    paces: Paces
    queue: NotificationQueueManager
    numbers: NumberCheck


def _connection(
    ports: Ports, session_id: SessionId, bus: EventBus, tasks: Tasks
) -> WhatsAppConnectionManager:
    reconnect = Reconnect(ports.clock, ports.entropy)
    return WhatsAppConnectionManager(
        session_id, ports.store, ports.messenger, bus, ports.clock, tasks, reconnect
    )


def _crew(ports: Ports, choices: Choices, around: Around) -> Crew:
    def distrust(session_id: SessionId) -> None:
        if connection := around.sessions.get(session_id):
            around.tasks.start(connection.reconnect(), "reconnect_after_silence")

    ratchets = Ratchets(ports.store, ports.messenger)
    dispatch = Dispatch(ports.messenger, around.numbers, ratchets, ports.clock, distrust)
    crew = Crew([_worker(ports, choices, around, dispatch, each) for each in around.paces])
    around.queue.employ(crew)
    around.sessions.on_any_update(lambda _: crew.wake())
    around.bus.subscribe(PaceChanged, lambda _: crew.wake())
    Doubts(ports.store, around.bus, ports.clock, around.tasks, choices.queue, crew.wake)
    if choices.take_over:
        TakeOver(ports.store, around.bus, around.tasks, around.sessions, crew.wake)
    return crew


def _worker(ports: Ports, choices: Choices, around: Around, dispatch: Dispatch, pace: Pace) -> Worker:
    def ready() -> bool:
        return around.sessions.is_connected(pace.session_id) and not around.queue.paused

    return Worker(
        ports.store,
        around.bus,
        ports.clock,
        ports.owner,
        choices.queue,
        dispatch.deliver,
        ready,
        pace,
    )

"""Bridge from the event bus to Qt signals, coalesced to one repaint per 50 ms."""

from datetime import datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.domain.events import (
    AccessChanged,
    ConnectionChanged,
    Event,
    NotificationChanged,
    NotificationQueued,
    OrderChanged,
    PickupOfferSwitched,
    ProblemReported,
    QueuePaused,
    RateLimitHoldsChanged,
    RateLimitUsageChanged,
    RepliesRead,
    ReplyArrived,
    ReplyChanged,
    SettingsChanged,
)
from app.domain.identifiers import OrderId, SessionId
from app.services.attention.connection_loss import ConnectionLoss, ConnectionTimes
from app.services.runtime.core import Core

COALESCE_MILLISECONDS = 50
_RATE_LIMIT_EVENTS = (RateLimitUsageChanged, RateLimitHoldsChanged)
_QUEUE_EVENTS = (NotificationQueued, NotificationChanged, QueuePaused, ConnectionChanged)


class EventBridge(QObject):
    """Signals of the core: `orders_changed` carries a frozenset of order ids.

    `connection_changed` is emitted for every number of the shop: a message on the screen may wait for any of them.
    """

    orders_changed = Signal(object)
    queue_changed = Signal()
    connection_changed = Signal()
    rate_limits_changed = Signal()
    """A number's use of its rate limits changed, or the holds on its messages."""
    pickup_offer_switched = Signal()
    """The offer of a pickup reply was switched on or off."""
    access_changed = Signal()
    """The manager's PIN was set or removed, or the gate opened or locked by hand."""
    settings_changed = Signal(object)
    """Carries the names of changed settings."""
    problem_reported = Signal(str)
    event_arrived = Signal(object)
    """Each event, not coalesced."""

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._orders: set[OrderId] = set()
        self._queue = self._connection = self._limits = False
        self._times = ConnectionTimes(core.sessions.statuses(), core.clock.now())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(COALESCE_MILLISECONDS)
        self._timer.timeout.connect(self.flush)
        self._unsubscribe = core.bus.subscribe(Event, self._collect)

    def close(self) -> None:
        """Unsubscribe from the event bus, which outlives the window."""
        self._unsubscribe()
        self._timer.stop()

    def state_since(self, session_id: SessionId) -> datetime:
        """Return when this number's connection entered its present state."""
        return self._times.state_since(session_id)

    def loss(self, session_id: SessionId) -> ConnectionLoss | None:
        """Return this number's present loss of its connection, None while it is connected."""
        return self._times.loss(session_id)

    def flush(self) -> None:
        """Emit the signals of the events collected so far."""
        orders, self._orders = frozenset(self._orders), set()
        queue, self._queue = self._queue, False
        connection, self._connection = self._connection, False
        if connection:
            self.connection_changed.emit()
        limits, self._limits = self._limits, False
        if orders:
            self.orders_changed.emit(orders)
        if queue:
            self.queue_changed.emit()
        if limits:
            self.rate_limits_changed.emit()

    def _collect(self, event: Event) -> None:
        self.event_arrived.emit(event)
        if isinstance(event, ProblemReported):
            self.problem_reported.emit(event.code)
            return
        if isinstance(event, PickupOfferSwitched):
            self.pickup_offer_switched.emit()
            return
        if isinstance(event, SettingsChanged):
            self.settings_changed.emit(event.names)
            return
        if isinstance(event, AccessChanged):
            self.access_changed.emit()
            return
        if order_id := _order_of(event):
            self._orders.add(order_id)
        if isinstance(event, ConnectionChanged):
            self._connection = True
            self._times.record(event.status, self._core.clock.now())
        self._queue |= isinstance(event, _QUEUE_EVENTS)
        self._limits |= isinstance(event, _RATE_LIMIT_EVENTS)
        if not self._timer.isActive():
            self._timer.start()


def _order_of(event: Event) -> OrderId | None:
    match event:
        case OrderChanged(order):
            return order.id
        case NotificationQueued(notification) | NotificationChanged(notification):
            return notification.order_id
        case ReplyArrived(reply) | ReplyChanged(reply):
            return reply.order_id
        case RepliesRead(order_id):
            return order_id
        case _:
            return None

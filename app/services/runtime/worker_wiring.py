"""Wiring of the worker pool: one worker for each WhatsApp session."""

from app.domain.events import (
    CustomerTrusted,
    OfflineMessageRead,
    OfflineQueueDrained,
    RateLimitHoldsChanged,
    ReplyArrived,
    SettingsChanged,
)
from app.services.messaging.dispatch import MessageDispatcher
from app.services.messaging.signal_sessions import SignalSessionRefresher
from app.services.notifications.pause_switch import PauseSwitch
from app.services.notifications.worker import SendPermission, Worker
from app.services.notifications.worker_pool import WorkerPool
from app.services.rate_limits.rate_limiter import RateLimiter
from app.services.runtime.dependencies import Ports
from app.services.runtime.foundation import Foundation
from app.services.runtime.live_config import LiveConfig


def build_workers(ports: Ports, config: LiveConfig, base: Foundation) -> WorkerPool:
    """Build the pool and wake it on events that may make a message sendable."""
    dispatcher = MessageDispatcher(
        ports.messenger,
        base.numbers,
        base.timers,
        SignalSessionRefresher(ports.store, ports.messenger, base.bus),
        ports.clock,
        base.opt_out_guard,
        base.restore_detector.mark_before_send,
        base.sessions.is_drained,
    )
    pause = PauseSwitch(ports.store, base.bus)
    workers = WorkerPool(
        [_worker(ports, config, base, dispatcher, each, pause) for each in base.rate_limiters], pause
    )
    base.sessions.on_any_update(lambda _: workers.wake())
    base.bus.subscribe(OfflineQueueDrained, lambda _: workers.wake())
    base.bus.subscribe(OfflineMessageRead, lambda _: workers.wake())
    base.bus.subscribe(RateLimitHoldsChanged, lambda _: workers.wake())
    # A customer who wrote is no first contact any more: messages held by a restriction may go.
    base.bus.subscribe(ReplyArrived, lambda _: workers.wake())
    base.bus.subscribe(CustomerTrusted, lambda _: workers.wake())
    base.bus.subscribe(SettingsChanged, lambda _: workers.wake())
    return workers


def _worker(
    ports: Ports,
    config: LiveConfig,
    base: Foundation,
    dispatcher: MessageDispatcher,
    limiter: RateLimiter,
    pause: PauseSwitch,
) -> Worker:
    def ready() -> bool:
        """Only after WhatsApp's offline queue: a customer may have written PARAR meanwhile (X1)."""
        sessions, session_id = base.sessions, limiter.session_id
        return sessions.is_drained(session_id) and sessions.is_connected(session_id) and not pause.on

    return Worker(
        ports.store,
        base.bus,
        ports.clock,
        ports.owner,
        config.queue,
        dispatcher.deliver,
        SendPermission(ready, base.unread_senders.addresses),
        limiter,
    )

"""Messages to the shop's own number: the code that removes a forgotten PIN."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.errors import PinCodeNotSendableError
from app.domain.events import NotificationChanged
from app.domain.identifiers import OrderId, SessionId, notification_id
from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.queue_policy import QueuePolicy
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.store import Rows, Store
from app.services.connection.sessions import Sessions
from app.services.event_bus import EventBus
from app.services.notifications.contact_history import record_trusted
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.records import EnqueueResult, QueuedNotification

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """Sends from a connected number of the shop to itself; `text` has the places `{code}` and `{minutes}`."""

    store: Store
    bus: EventBus
    queue: NotificationQueueManager
    sessions: Sessions
    clock: Clock
    entropy: Entropy
    policy: Callable[[], QueuePolicy]
    text: str

    @property
    def phone(self) -> Phone | None:
        """Number that would be written to now; None while none is connected."""
        found = self.sessions.linked_number()
        return found[1] if found else None

    async def send_code(self, code: str, lives: timedelta) -> Phone:
        """Queue the code, and cancel an older one that has not left; raises PinCodeNotSendableError."""
        linked = self.sessions.linked_number()
        if linked is None:
            raise PinCodeNotSendableError(reason="not_connected")
        if self.queue.paused:
            raise PinCodeNotSendableError(reason="paused")
        text = self.text.format(code=code, minutes=lives // _MINUTE)
        queued = self._queued(*linked, text, lives)
        cancelled, placed = await self.store.transact(lambda rows: self._enqueue(rows, queued))
        self.bus.publish(*(NotificationChanged(row) for row in cancelled))
        self.queue.publish_enqueued(placed)
        return linked[1]

    def _queued(self, session_id: SessionId, phone: Phone, text: str, lives: timedelta) -> QueuedNotification:
        now, own_id = self.clock.now(), OrderId(str(self.entropy.uuid()))
        return QueuedNotification(
            id=notification_id(own_id, NotificationType.PIN_CODE, 1),
            order_id=None,
            customer_phone=phone,
            message=text,
            notification_type=NotificationType.PIN_CODE,
            scheduled_at=now,
            session_id=session_id,
            # It grows stale when the code expires: a void code is not sent after a hold.
            stage_at=now + lives - self.policy().time_to_live,
        )

    def _enqueue(self, rows: Rows, queued: QueuedNotification) -> tuple[list[Notification], EnqueueResult]:
        phone, at = queued.customer_phone, self.clock.now()
        waiting = [row for row in rows.notifications.unfinished_of([phone]) if _is_unsent_code(row)]
        cancelled = [row.cancelled(at) for row in waiting]
        rows.notifications.save_all(cancelled)
        # No stranger: the limits of first contacts do not hold the number's chat with itself.
        record_trusted(rows, phone, queued.session_id, at)
        return cancelled, self.queue.enqueue_within(rows, queued, by_person=True)


def _is_unsent_code(row: Notification) -> bool:
    return row.is_for_shop and row.state is State.PENDING and row.lease is None

"""Carries notifications to WhatsApp, several at once, and keeps how each ended until that is written down."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence, Set
from typing import Final

from app.domain.attempt import HOLDING, Accepted, AttemptEnd, InDoubt, Rejected
from app.domain.identifiers import NotificationId
from app.domain.notification import Notification
from app.domain.phone import Phone
from app.services.background_tasks import BackgroundTasks
from app.services.notifications.attempt_recorder import FinishedAttempt, StartedAttempt
from app.services.notifications.settlement import UNEXPECTED
from app.services.rate_limits.rate_limiter import RateLimiter

_log = logging.getLogger(__name__)

_MOST_PREPARED: Final = 2000

Deliver = Callable[[Notification], Awaitable[AttemptEnd]]


class InFlightWindow:
    """Of one session; `landed` is called, without waiting, after each end."""

    def __init__(self, deliver: Deliver, pace: RateLimiter, landed: Callable[[], None]) -> None:
        self._deliver, self._pace, self._on_finished = deliver, pace, landed
        self._tasks = BackgroundTasks()
        self._in_flight: set[NotificationId] = set()
        self._finished: list[FinishedAttempt] = []
        self._prepared: set[Phone] = set()
        self._settled = asyncio.Event()
        self._settled.set()

    @property
    def in_flight(self) -> frozenset[NotificationId]:
        """Handed over and not answered yet."""
        return frozenset(self._in_flight)

    @property
    def finished(self) -> Sequence[FinishedAttempt]:
        """Answered, and not written down yet; oldest first."""
        return tuple(self._finished)

    @property
    def prepared(self) -> Set[Phone]:
        """Customers whose account and Signal sessions are known to be ready, for one was told just now."""
        return self._prepared

    def forget_prepared(self) -> None:
        """Another connection, or a doubt: accounts, devices and sessions may have to be asked for again."""
        self._prepared.clear()

    def start(self, begun: StartedAttempt) -> None:
        # First of all: where the pace fails, this row was not handed over, and the worker frees it.
        self._pace.record_start(cold=begun.cold)
        self._in_flight.add(begun.notification.id)
        self._settled.clear()
        self._tasks.start(self._attempt(begun), "flight")

    def forget_finished(self, ended: Sequence[FinishedAttempt]) -> None:
        """These ends are on disk."""
        self._finished = [each for each in self._finished if each not in ended]
        if not self._in_flight and not self._finished:
            self._settled.set()

    async def wait_settled(self) -> None:
        """Return once the end of every attempt is on disk."""
        await self._settled.wait()

    async def stop(self) -> None:
        """Wait for no answer any more: what is aloft ends unexpected, for the next turn, or the rescuer, to settle."""
        await self._tasks.stop()

    async def _attempt(self, begun: StartedAttempt) -> None:
        notification, restraint = begun.notification, None
        end = await self._deliver_guarded(notification)
        self._record_prepared(notification, end)
        try:
            restraint = self._pace.record_end(notification.phone, end, cold=begun.cold)
        finally:
            # An end that is lost would leave its row on its way, and its customer untold, for good.
            self._in_flight.discard(notification.id)
            self._finished.append(FinishedAttempt(notification.id, end, restraint))
            self._on_finished()

    def _record_prepared(self, notification: Notification, end: AttemptEnd) -> None:
        if not isinstance(end, Accepted):
            self.forget_prepared()
        elif len(self._prepared) < _MOST_PREPARED:
            self._prepared.add(notification.phone)

    async def _deliver_guarded(self, notification: Notification) -> AttemptEnd:
        try:
            return await self._deliver(notification)
        except asyncio.CancelledError:
            # With the worker, or by the owner of what was awaited: nothing is awaited any more, and it has ended.
            _log.warning("attempt_cancelled", extra={"notification": str(notification.id)})
            return InDoubt(UNEXPECTED)
        except Exception:  # noqa: BLE001 - one of the three catch-alls: around one notification
            # In doubt only if its row says that it reached the wire; else it is tried again like a transient failure.
            _log.exception("attempt_failed", extra={"notification": str(notification.id)})
            return InDoubt(UNEXPECTED)


def ends_turn(ended: FinishedAttempt) -> bool:
    """Whether the fault is not the message's own, so that trying the next one makes no sense now."""
    end = ended.end
    return isinstance(end, InDoubt) or (isinstance(end, Rejected) and end.kind in HOLDING)

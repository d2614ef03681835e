"""In-flight window: concurrent attempts of one session, and their ends until these are saved."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence, Set
from typing import Final

from app.domain.attempt import HOLDING, Accepted, AttemptEnd, InDoubt, Rejected
from app.domain.identifiers import NotificationId
from app.domain.lid import Address
from app.domain.notification import Notification
from app.services.background_tasks import BackgroundTasks
from app.services.notifications.attempt_recorder import FinishedAttempt, StartedAttempt
from app.services.notifications.settlement import UNEXPECTED
from app.services.rate_limits.rate_limiter import RateLimiter

_log = logging.getLogger(__name__)

_MOST_PREPARED: Final = 2000

Deliver = Callable[[Notification], Awaitable[AttemptEnd]]


class InFlightWindow:
    """Runs attempts as tasks; calls `on_finished` synchronously after each end."""

    def __init__(self, deliver: Deliver, limiter: RateLimiter, on_finished: Callable[[], None]) -> None:
        self._deliver, self._limiter, self._on_finished = deliver, limiter, on_finished
        self._tasks = BackgroundTasks()
        self._in_flight: set[NotificationId] = set()
        self._finished: list[FinishedAttempt] = []
        self._prepared: set[Address] = set()
        self._settled = asyncio.Event()
        self._settled.set()

    @property
    def in_flight(self) -> frozenset[NotificationId]:
        """Ids of attempts handed over and not answered yet."""
        return frozenset(self._in_flight)

    @property
    def finished(self) -> Sequence[FinishedAttempt]:
        """Ends that are not saved yet, oldest first."""
        return tuple(self._finished)

    @property
    def prepared(self) -> Set[Address]:
        """Customers with a known account and Signal session: their last attempt was accepted."""
        return self._prepared

    def forget_prepared(self) -> None:
        """Forget the prepared customers after a reconnect or a doubt: accounts and sessions may have changed."""
        self._prepared.clear()

    def start(self, started: StartedAttempt) -> None:
        """Start the attempt as a task; count it first.

        If the rate limiter raises, the row was not handed over, and the worker's recovery releases it.
        """
        self._limiter.record_start(cold=started.cold)
        self._in_flight.add(started.notification.id)
        self._settled.clear()
        self._tasks.start(self._attempt(started), "flight")

    def forget_finished(self, ended: Sequence[FinishedAttempt]) -> None:
        """Drop the ends that are on disk: the oldest ones."""
        del self._finished[: len(ended)]
        if not self._in_flight and not self._finished:
            self._settled.set()

    async def wait_settled(self) -> None:
        """Return once the end of every attempt is on disk."""
        await self._settled.wait()

    async def stop(self) -> None:
        """Cancel the attempts in flight; each ends as in doubt, for the next turn or the rescuer to settle."""
        await self._tasks.stop()

    async def _attempt(self, started: StartedAttempt) -> None:
        notification, limits = started.notification, None
        end = await self._deliver_guarded(notification)
        self._record_prepared(notification, end)
        try:
            limits = self._limiter.record_end(notification.customer, end, cold=started.cold)
        finally:
            # A lost end would leave its row in `sending`, and its customer without a message, for good.
            self._in_flight.discard(notification.id)
            self._finished.append(FinishedAttempt(notification.id, end, limits, started.sent_before))
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
            # Cancelled with the worker, or by the owner of the awaited future: no answer will come.
            _log.warning("attempt_cancelled", extra={"notification": str(notification.id)})
            return InDoubt(UNEXPECTED)
        except Exception:  # noqa: BLE001 - around one notification
            # Settlement makes it a doubt only if its row reached the wire; else a transient failure, retried.
            _log.exception("attempt_failed", extra={"notification": str(notification.id)})
            return InDoubt(UNEXPECTED)


def ends_turn(ended: FinishedAttempt) -> bool:
    """Whether the fault is not the message's own, so that the next would fail too."""
    end = ended.end
    return isinstance(end, InDoubt) or (isinstance(end, Rejected) and end.kind in HOLDING)

"""Access gate: allows an act to the manager, or to every person while no PIN is set (X5)."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.access import ProtectedAct
from app.domain.audit import Actor, AuditResult
from app.domain.errors import ManagerNeededError
from app.domain.events import AccessChanged
from app.ports.clock import Clock
from app.services.access.audit_log import AuditLog
from app.services.access.pin import ManagerPin
from app.services.event_bus import EventBus

AUTO_LOCK_AFTER: Final = timedelta(minutes=5)


class _Grant:
    """Permission of one command; over with it, also for the tasks that it has begun."""

    is_over = False


@dataclass(frozen=True, slots=True)
class _Use:
    """Moment of the PIN or of the last act after it, and the lock time in force then."""

    at: timedelta
    auto_lock: timedelta


# A program's command is carried out by a task of its own: the PIN in it opens the gate for no other one.
_granted: ContextVar[_Grant | None] = ContextVar("manager_granted", default=None)


class AccessGate:
    """The one gate of all protected acts; it locks itself after `auto_lock` without such an act."""

    def __init__(
        self,
        pin: ManagerPin,
        audit: AuditLog,
        clock: Clock,
        bus: EventBus,
        auto_lock: Callable[[], timedelta] = lambda: AUTO_LOCK_AFTER,
    ) -> None:
        self._pin, self._audit, self._clock, self._bus = pin, audit, clock, bus
        self._auto_lock = auto_lock
        self._used: _Use | None = None

    @property
    def has_pin(self) -> bool:
        return self._pin.is_set

    @property
    def actor(self) -> Actor:
        """Role of the person at the counter at this moment."""
        if not self._pin.is_set:
            return Actor.ANYONE
        grant = _granted.get()
        granted = grant is not None and not grant.is_over
        return Actor.MANAGER if granted or self._is_open() else Actor.CASHIER

    async def authorize(self, act: ProtectedAct) -> None:
        """Record the act in the audit log and allow it, or raise ManagerNeededError.

        Fails closed: an act that cannot be recorded is not allowed.
        """
        actor = self.actor
        allowed = actor is not Actor.CASHIER
        await self._audit.record(act, actor, AuditResult.ALLOWED if allowed else AuditResult.REFUSED)
        if not allowed:
            raise ManagerNeededError
        self._prolong()

    async def record(self, act: ProtectedAct) -> None:
        """Record an act that was authorized before, or a form of it that every person may do."""
        await self._audit.record(act, self.actor, AuditResult.ALLOWED)

    async def unlock(self, typed: str, wanted: Callable[[], bool] = lambda: True) -> None:
        """Open the gate, if that is still `wanted` once the PIN has proved right.

        A check that is no longer wanted still runs to its end: a cancelled one would leave a right PIN counted as
        wrong, and a wrong one without its lock-out. Raises WrongPinError, PinLockedOutError, and BadPinError for what
        is no PIN.
        """
        await self._pin.check(typed)
        if not wanted():
            return
        self._record_use()
        self._bus.publish(AccessChanged(self._pin.is_set))

    def lock(self) -> None:
        self._used = None
        self._bus.publish(AccessChanged(self._pin.is_set))

    @asynccontextmanager
    async def opened_by(self, typed: str | None) -> AsyncIterator[None]:
        """Open the gate for the acts of this context alone; without a PIN it stays as it is."""
        if typed is None or not self._pin.is_set:
            yield
            return
        await self._pin.check(typed)
        grant = _Grant()
        token = _granted.set(grant)
        try:
            yield
        finally:
            grant.is_over = True
            _granted.reset(token)

    async def set_pin(self, typed: str) -> None:
        """Set or change the PIN, and lock the gate."""
        await self.authorize(ProtectedAct.SET_PIN)
        await self._pin.set(typed)
        self.lock()

    async def remove_pin(self) -> None:
        await self.authorize(ProtectedAct.REMOVE_PIN)
        await self._pin.remove()
        self.lock()

    def _is_open(self) -> bool:
        """Judge by the shorter lock time, that of the last use or that of now: a change opens no gate again."""
        if self._used is None:
            return False
        return self._clock.elapsed() - self._used.at < min(self._used.auto_lock, self._auto_lock())

    def _prolong(self) -> None:
        if self._is_open():
            self._record_use()

    def _record_use(self) -> None:
        self._used = _Use(self._clock.elapsed(), self._auto_lock())

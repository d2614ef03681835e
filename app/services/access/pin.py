"""Manager's PIN: its stored hash, its check, and the lock-out after wrong ones (X5)."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from app.domain.access import canonical_pin, lock_out
from app.domain.audit import Actor, AuditResult
from app.domain.errors import PinLockedOutError, WrongPinError
from app.ports.clock import Clock
from app.ports.pin_hasher import PinHasher
from app.ports.store import Rows, SettingRows, Store
from app.ports.vault import Vault
from app.services.access.audit_log import AuditLog
from app.services.storage.stored_settings import read_count, read_fields, read_text

SETTING: Final = "manager_pin"
_PURPOSE: Final = "manager_pin"
_UNLOCK: Final = "unlock"


@dataclass(frozen=True, slots=True)
class _Kept:
    """Stored PIN: hash, empty where no PIN matches it, and the wrong tries in a row."""

    hashed: str = field(repr=False)
    failures: int = 0


class ManagerPin:
    """A restart begins the wait of a lock-out anew: it shortens no wait, whatever the clock of the PC says."""

    def __init__(self, store: Store, vault: Vault, hasher: PinHasher, clock: Clock, audit: AuditLog) -> None:
        self._store, self._vault, self._hasher = store, vault, hasher
        self._clock, self._audit = clock, audit
        self._locked_until = timedelta(0)
        # Tries at the same time would all be made before the first of them locks the others out.
        self._one_at_a_time = asyncio.Lock()
        # Until it is loaded, as if one were set: the gate fails closed.
        self.is_set = True

    async def load(self) -> None:
        """Load whether a PIN is set, and its lock-out."""
        kept = await self._store.read(lambda rows: _kept(rows.settings))
        self.is_set = kept is not None
        self._lock_out(kept.failures if kept else 0)

    async def check(self, typed: str) -> None:
        """Return if the PIN is right.

        Raises BadPinError, WrongPinError, or PinLockedOutError while a lock-out lasts; a wrong try is counted before
        the slow comparison, so that a killed program forgets none.
        """
        pin = canonical_pin(typed)
        async with self._one_at_a_time:
            await self._compare(pin)

    async def _compare(self, pin: str) -> None:
        left = self._locked_until - self._clock.elapsed()
        if left > timedelta(0):
            raise PinLockedOutError(seconds=_whole_seconds(left))
        kept = await self._store.transact(_count_try)
        if kept is None:
            return
        if not await self._hasher.matches(self._peppered(pin), kept.hashed):
            await self._refuse(kept.failures)
        await self._store.transact(lambda rows: _save(rows, _Kept(kept.hashed)))

    async def set(self, typed: str) -> None:
        """Set or change the PIN; raises BadPinError."""
        pin = canonical_pin(typed)
        async with self._one_at_a_time:
            hashed = await self._hasher.hash(self._peppered(pin))
            await self._store.transact(lambda rows: _save(rows, _Kept(hashed)))
            self.is_set, self._locked_until = True, timedelta(0)

    async def remove(self) -> None:
        async with self._one_at_a_time:
            await self._store.transact(clear_pin)
            self.is_set, self._locked_until = False, timedelta(0)

    async def _refuse(self, failures: int) -> None:
        self._lock_out(failures)
        await self._audit.record(_UNLOCK, Actor.CASHIER, AuditResult.REFUSED)
        wait = lock_out(failures)
        if wait:
            raise PinLockedOutError(seconds=_whole_seconds(wait))
        raise WrongPinError

    def _lock_out(self, failures: int) -> None:
        self._locked_until = self._clock.elapsed() + lock_out(failures)

    def _peppered(self, pin: str) -> str:
        """Return the PIN under a key that the database does not hold: four digits alone are soon guessed."""
        return self._vault.mac(_PURPOSE, pin).hex()


def clear_pin(rows: Rows) -> None:
    """Remove the PIN in a transaction of the caller."""
    rows.settings.set(SETTING, "")


def pin_to_carry(settings: SettingRows) -> str:
    """Return the stored PIN with its wrong tries, for a copy of the same database; empty where none is set."""
    kept = _kept(settings)
    return _stored(kept) if kept else ""


def carry_pin(rows: Rows, carried: str) -> bool:
    """Put a carried PIN in force, in a transaction of the caller; return whether one is set then.

    An absent one removes none.
    """
    if carried:
        rows.settings.set(SETTING, carried)
    return _kept(rows.settings) is not None


def _count_try(rows: Rows) -> _Kept | None:
    """Count a try as wrong until it has proved right; None where no PIN is set."""
    kept = _kept(rows.settings)
    if kept is None:
        return None
    counted = _Kept(kept.hashed, kept.failures + 1)
    _save(rows, counted)
    return counted


def _kept(settings: SettingRows) -> _Kept | None:
    """Return the stored PIN; an unreadable one is set and never matches."""
    stored = settings.get(SETTING)
    if stored is None and settings.has(SETTING):
        return _Kept("")
    if not stored:
        return None
    found = read_fields(SETTING, stored, {"hash": read_text, "failures": read_count})
    return _Kept(found.get("hash", ""), found.get("failures", 0))


def _save(rows: Rows, kept: _Kept) -> None:
    rows.settings.set(SETTING, _stored(kept))


def _stored(kept: _Kept) -> str:
    return json.dumps({"hash": kept.hashed, "failures": kept.failures})


def _whole_seconds(wait: timedelta) -> int:
    return -(-wait // timedelta(seconds=1))

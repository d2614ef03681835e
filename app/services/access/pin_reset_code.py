"""Reset code of a forgotten PIN: six digits sent to the shop's own phone (X5)."""

import json
from asyncio import Lock
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, Protocol

from app.domain.access import (
    PIN_CODE_DIGITS,
    PIN_CODE_LIVES,
    PIN_CODE_TRIES,
    PIN_CODES_PER_HOUR,
    ProtectedAct,
    canonical_pin_code,
)
from app.domain.audit import Actor, AuditResult
from app.domain.errors import NoPinError, PinCodeVoidError, TooManyPinCodesError, WrongPinCodeError
from app.domain.phone import Phone
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.store import Store
from app.ports.vault import Vault
from app.services.access.audit_log import AuditLog
from app.services.access.gate import AccessGate
from app.services.access.pin import ManagerPin
from app.services.storage.stored_settings import read_count, read_fields

SETTING: Final = "pin_codes"
"""Setting: how many codes were requested lately."""

_PURPOSE: Final = "pin_code"
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)


class CodeSender(Protocol):
    """Sender of the code: a connected number of the shop, which writes to itself."""

    @property
    def phone(self) -> Phone | None:
        """Number that would get the code now; None while no number of the shop is connected."""
        ...

    async def send_code(self, code: str, lives: timedelta) -> Phone:
        """Queue the code and return its recipient; raises PinCodeNotSendableError."""
        ...


@dataclass(frozen=True, slots=True)
class _CodeInForce:
    """Code that was sent last: its keyed hash, for the code itself is kept nowhere."""

    mac: bytes = field(repr=False)
    until: timedelta
    failures: int = 0


class PinResetCode:
    """Requests and checks the code; only the last one counts, and none outlives the program."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        clock: Clock,
        entropy: Entropy,
        gate: AccessGate,
        pin: ManagerPin,
        audit: AuditLog,
        sender: CodeSender,
    ) -> None:
        self._store, self._vault, self._clock, self._entropy = store, vault, clock, entropy
        self._gate, self._pin, self._audit, self._sender = gate, pin, audit, sender
        self._in_force: _CodeInForce | None = None
        self._started = clock.elapsed()
        self._requested: list[timedelta] | None = None
        # Tries at the same time would all be compared before the first of them is counted.
        self._one_at_a_time = Lock()

    @property
    def phone(self) -> Phone | None:
        """Number that would get a code now; None while no number of the shop is connected."""
        return self._sender.phone

    @property
    def is_in_force(self) -> bool:
        """Whether a code that was sent can still be typed."""
        return self._in_force is not None and self._clock.elapsed() < self._in_force.until

    async def request(self) -> Phone:
        """Send a fresh code, which makes the former one void; return the number that it is sent to.

        Raises NoPinError, TooManyPinCodesError, PinCodeNotSendableError. It is in force once its request is counted on
        disk: a program that is ended and started again yields no further guesses.
        """
        async with self._one_at_a_time:
            self._refuse_without_pin()
            requested = await self._requested_lately()
            self._in_force = None
            code = self._draw()
            phone = await self._sender.send_code(code, PIN_CODE_LIVES)
            now = self._clock.elapsed()
            await self._count([*requested, now])
            await self._gate.record(ProtectedAct.REQUEST_PIN_CODE)
            self._in_force = _CodeInForce(self._mac(code), now + PIN_CODE_LIVES)
            return phone

    async def reset_pin(self, typed: str) -> None:
        """Remove the PIN; raises BadPinCodeError, WrongPinCodeError, PinCodeVoidError, NoPinError."""
        code = canonical_pin_code(typed)
        async with self._one_at_a_time:
            self._refuse_without_pin()
            tries = self._tries_after(code)
            result = AuditResult.ALLOWED if tries is None else AuditResult.REFUSED
            await self._audit.record(ProtectedAct.RESET_PIN_BY_CODE, Actor.CASHIER, result)
            if tries is not None:
                raise WrongPinCodeError(tries=tries) if tries else PinCodeVoidError
            await self._pin.remove()
            self._gate.lock()
            await self._count([])

    def _tries_after(self, code: str) -> int | None:
        """Return None for the right code, which is void with it, else how many tries are left.

        Raises PinCodeVoidError where no code is in force.
        """
        known, self._in_force = self._in_force, None
        if known is None or self._clock.elapsed() >= known.until:
            raise PinCodeVoidError
        if self._mac(code) == known.mac:
            return None
        failures = known.failures + 1
        if failures < PIN_CODE_TRIES:
            self._in_force = replace(known, failures=failures)
        return PIN_CODE_TRIES - failures

    def _refuse_without_pin(self) -> None:
        if not self._gate.has_pin:
            raise NoPinError

    async def _requested_lately(self) -> list[timedelta]:
        """Return the moments of the last hour's requests; raises TooManyPinCodesError.

        Those before the start count as made at the start: a restart begins their hour anew, whatever the PC's clock
        says.
        """
        now = self._clock.elapsed()
        known = await self._stored() if self._requested is None else self._requested
        requested = [each for each in known if now - each < _HOUR]
        if len(requested) >= PIN_CODES_PER_HOUR:
            raise TooManyPinCodesError(minutes=-(-(requested[0] + _HOUR - now) // _MINUTE))
        return requested

    async def _stored(self) -> list[timedelta]:
        kept = await self._store.read(lambda rows: rows.settings.get(SETTING))
        count = read_fields(SETTING, kept, {"requested": read_count}).get("requested", 0)
        return [self._started] * min(count, PIN_CODES_PER_HOUR)

    async def _count(self, requested: list[timedelta]) -> None:
        self._requested = requested
        text = json.dumps({"requested": len(requested)})
        await self._store.transact(lambda rows: rows.settings.set(SETTING, text))

    def _draw(self) -> str:
        # Of eight bytes each code is as likely as any other, but for one part in ten trillion.
        number: int = int.from_bytes(self._entropy.bytes(8)) % 10**PIN_CODE_DIGITS
        return f"{number:0{PIN_CODE_DIGITS}}"

    def _mac(self, code: str) -> bytes:
        return self._vault.mac(_PURPOSE, code)

"""Asks WhatsApp again and again whether it is there, and has a connection replaced that does not prove it."""

import asyncio
import logging
from datetime import timedelta
from typing import Final

from app.domain.errors import CocoLokoError
from app.domain.identifiers import SessionId
from app.domain.proof import ProofPolicy
from app.ports.clock import Clock
from app.ports.messenger import Messenger, Pulse
from app.services.clock.clock_jump import ClockJumpDetector
from app.services.connection.manager import WhatsAppConnectionManager
from app.services.connection.recycling import Recycling

_log = logging.getLogger(__name__)

# A wall clock that jumps further than this may have slept; the trimming of a clock is less.
_SLEPT: Final = timedelta(seconds=2)
_BREATH: Final = timedelta(seconds=1)
# A proof is good up to its last moment: the look that puts the lamp out comes right after that.
_TICK: Final = timedelta(milliseconds=1)
# One answer may get lost, also just then.
_QUESTIONS_WHEN_SUSPECTED: Final = 2


class TruthLamp:
    """One session's; `ask_on` and `look_on` must run (S4)."""

    def __init__(
        self,
        connection: WhatsAppConnectionManager,
        messenger: Messenger,
        clock: Clock,
        policy: ProofPolicy,
        recycling: Recycling,
    ) -> None:
        self._connection, self._messenger, self._clock = connection, messenger, clock
        self._policy, self._recycling = policy, recycling
        self._drift = ClockJumpDetector(clock)
        self._suspected = asyncio.Event()
        self._questions_left = 0

    async def ask_on(self) -> None:
        """Question after question until cancelled: at once where one stayed unanswered or sleep is suspected."""
        while True:
            asked = self._clock.steady()
            answered = await self._ask_once()
            passed = self._clock.steady() - asked
            pause = self._policy.ask_every - passed if answered else _BREATH
            await self._clock.wait(self._suspected, max(pause, _BREATH))

    async def look_on(self) -> None:
        """Tell that the lamp went out at the moment its proof becomes too old, and notice that the PC has slept."""
        left: timedelta | None = None
        while True:
            pause = self._policy.look_every if left is None else min(left + _TICK, self._policy.look_every)
            await self._clock.sleep(pause)
            if abs(self._drift.measure().moved) >= _SLEPT:
                self._suspected.set()
            left = self._connection.look()

    async def _ask_once(self) -> bool:
        """False where an answer was due and did not come."""
        connection = self._connection
        suspected = self._is_suspected()
        if not connection.is_answerable:
            return True
        turn, asked = connection.turn, self._clock.steady()
        pulse = await self._pulse(self._policy.short_patience if suspected else self._policy.patience)
        if turn != connection.turn:
            return True
        if pulse:
            await self._take_in(pulse)
        if pulse and pulse.proved is not None and pulse.proved >= asked:
            self._questions_left = 0
            return True
        if connection.is_dead or (suspected and connection.is_open and not self._questions_left):
            await connection.renew(turn)
        return False

    def _is_suspected(self) -> bool:
        """Whether this question is one of the few that a suspected connection gets."""
        if self._suspected.is_set():
            self._suspected.clear()
            self._questions_left = _QUESTIONS_WHEN_SUSPECTED
        suspected = self._questions_left > 0
        self._questions_left -= suspected
        return suspected

    async def _pulse(self, patience: timedelta) -> Pulse | None:
        try:
            return await self._messenger.ping(self._session_id, patience)
        except CocoLokoError:
            return None

    async def _take_in(self, pulse: Pulse) -> None:
        """What fails about an answer must not keep the next question waiting: the lamp stands on those."""
        try:
            await self._connection.proved(pulse)
            await self._recycling.consider(pulse)
        except CocoLokoError as error:
            _log.warning("pulse_not_used", extra={"error": error.code})
        except Exception as error:  # noqa: BLE001 - around one answer
            _log.exception("pulse_not_used", extra={"error": type(error).__name__})

    @property
    def _session_id(self) -> SessionId:
        return self._connection.get_connection_status().session_id

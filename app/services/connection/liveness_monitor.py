"""Liveness monitor: probes WhatsApp, publishes a stale connection, replaces a dead one."""

import asyncio
import logging
from datetime import timedelta
from typing import Final

from app.domain.errors import CocoLokoError
from app.domain.identifiers import SessionId
from app.domain.liveness import LivenessPolicy
from app.ports.clock import Clock
from app.ports.messenger import Messenger, Pulse
from app.services.clock.clock_jump import ClockJumpDetector
from app.services.connection.manager import WhatsAppConnectionManager
from app.services.connection.recycling import Recycling

_log = logging.getLogger(__name__)

# A wall clock that jumps further than this may have slept; the trimming of a clock is less.
_SLEPT: Final = timedelta(seconds=2)
_BREATH: Final = timedelta(seconds=1)
# An answer counts up to its last moment, so the check that ends "connected" runs right after that.
_TICK: Final = timedelta(milliseconds=1)
# One answer may get lost, even just then.
_QUESTIONS_WHEN_SUSPECTED: Final = 2


class LivenessMonitor:
    """Probes of one session; `probe_loop` and `check_loop` must run (S4)."""

    def __init__(
        self,
        connection: WhatsAppConnectionManager,
        messenger: Messenger,
        clock: Clock,
        policy: LivenessPolicy,
        recycling: Recycling,
    ) -> None:
        self._connection, self._messenger, self._clock = connection, messenger, clock
        self._policy, self._recycling = policy, recycling
        self._clock_jumps = ClockJumpDetector(clock)
        self._suspected = asyncio.Event()
        self._urgent_probes_left = 0

    async def probe_loop(self) -> None:
        """Probe until cancelled; at once after a missing answer or if sleep is suspected."""
        while True:
            asked = self._clock.steady()
            answered = await self._probe_once()
            passed = self._clock.steady() - asked
            pause = self._policy.probe_every - passed if answered else _BREATH
            await self._clock.wait(self._suspected, max(pause, _BREATH))

    async def check_loop(self) -> None:
        """Publish the state when the last answer becomes too old, and detect the PC's sleep."""
        left: timedelta | None = None
        while True:
            pause = self._policy.check_every if left is None else min(left + _TICK, self._policy.check_every)
            await self._clock.sleep(pause)
            if abs(self._clock_jumps.measure().moved) >= _SLEPT:
                self._suspected.set()
            left = self._connection.check()

    async def _probe_once(self) -> bool:
        """Probe once; return False if an answer was due and did not come."""
        connection = self._connection
        suspected = self._is_suspected()
        if not connection.is_answerable:
            return True
        generation, asked = connection.generation, self._clock.steady()
        pulse = await self._pulse(
            self._policy.short_probe_timeout if suspected else self._policy.probe_timeout
        )
        if generation != connection.generation:
            return True
        if pulse:
            await self._use_pulse(pulse)
        if pulse and pulse.proved is not None and pulse.proved >= asked:
            self._urgent_probes_left = 0
            return True
        if connection.is_dead or (suspected and connection.is_open and not self._urgent_probes_left):
            await connection.renew(generation)
        return False

    def _is_suspected(self) -> bool:
        """Return whether this probe is one of the few for a suspected connection."""
        if self._suspected.is_set():
            self._suspected.clear()
            self._urgent_probes_left = _QUESTIONS_WHEN_SUSPECTED
        suspected = self._urgent_probes_left > 0
        self._urgent_probes_left -= suspected
        return suspected

    async def _pulse(self, patience: timedelta) -> Pulse | None:
        try:
            return await self._messenger.ping(self._session_id, patience)
        except CocoLokoError:
            return None

    async def _use_pulse(self, pulse: Pulse) -> None:
        """Use an answer; a failure must not delay the next probe, because the connection state depends on it."""
        try:
            await self._connection.record_pulse(pulse)
            await self._recycling.consider(pulse)
        except CocoLokoError as error:
            _log.warning("pulse_not_used", extra={"error": error.code})
        except Exception as error:  # noqa: BLE001 - around one answer
            _log.exception("pulse_not_used", extra={"error": type(error).__name__})

    @property
    def _session_id(self) -> SessionId:
        return self._connection.get_connection_status().session_id

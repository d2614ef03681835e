"""Sidecar from start to end: process, wire, handshake, heartbeat."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from app.adapters.whatsapp import wire_vocabulary as words
from app.adapters.whatsapp.node_command import NodeCommand
from app.adapters.whatsapp.rpc_peer import NoAnswerError, Receiver, RefusedError, RpcPeer
from app.adapters.whatsapp.sidecar_process import SidecarProcess
from app.adapters.whatsapp.wire_messages import WIRE_VERSION, PingParams, PingResult
from app.domain.errors import SidecarOutdatedError
from app.ports.clock import Clock
from app.ports.messenger import Pulse

PING_PATIENCE = timedelta(seconds=20)
_MILLISECOND = timedelta(milliseconds=1)
# A sidecar of another version may not even understand the request.
_ANOTHER_VERSION = frozenset({words.WRONG_VERSION, words.INVALID_PARAMS})


@dataclass(frozen=True, slots=True)
class _Reading:
    """Paired clock readings: the sidecar's steady clock showed `theirs` when ours showed `ours` or a little less."""

    theirs: float
    ours: timedelta


class Sidecar:
    """One running sidecar; `live` must run while it is used.

    `was_open` is set by the receiver when its connection has opened.
    """

    def __init__(
        self, process: SidecarProcess, receiver: Receiver, clock: Clock, log: logging.Logger
    ) -> None:
        self.peer = RpcPeer(process.stdout, process.stdin, receiver, clock, log)
        self.was_open = False
        self._process = process
        self._clock = clock
        self._reading = _Reading(0, timedelta(0))

    @classmethod
    async def start(
        cls, command: NodeCommand, receiver: Receiver, clock: Clock, log: logging.Logger
    ) -> "Sidecar":
        """Start the process; raises OSError when the system refuses."""
        return cls(await SidecarProcess.spawn(command, clock, log), receiver, clock, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def live(self) -> None:
        """Serve the child until it ends; stop it when its stream is over or broken, so that no child is left behind."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._process.watch())
            await self.peer.serve()
            await self._process.stop()

    async def ping(self, patience: timedelta = timedelta(0)) -> Pulse:
        """Heartbeat: compare versions and clocks, ask WhatsApp; a child that does not answer is stuck and is stopped.

        Raises SidecarOutdatedError for another version, SidecarGoneError for no answer.
        """
        asked = self._clock.steady()
        params = PingParams(wire_version=WIRE_VERSION, patience_ms=patience // _MILLISECOND)
        try:
            answer = await self.peer.ask(words.PING, params, PING_PATIENCE)
        except RefusedError as refusal:
            if refusal.rpc_code in _ANOTHER_VERSION:
                raise SidecarOutdatedError from None
            raise
        except NoAnswerError:
            await self.stop()
            raise
        if answer.wire_version != WIRE_VERSION:
            raise SidecarOutdatedError
        self._reading = _Reading(answer.steady_ms, self._clock.steady())
        return _pulse(answer, asked)

    def steady_ms(self, moment: timedelta) -> int:
        """Convert a moment of our steady clock to the sidecar's; never later than the true one."""
        return max(int(self._reading.theirs + (moment - self._reading.ours) / _MILLISECOND), 0)

    async def stop(self) -> None:
        await self._process.stop()

    async def kill(self) -> None:
        await self._process.kill()


def _pulse(answer: PingResult, asked: timedelta) -> Pulse:
    """Return the pulse, dated from `asked`: the request arrived after it, so no proof seems newer than it is."""
    answered, round_trip = answer.answered_ms, answer.round_trip_ms
    return Pulse(
        up_for=answer.steady_ms * _MILLISECOND,
        memory_bytes=answer.memory_bytes,
        proved=None if answered is None else asked + answered * _MILLISECOND,
        round_trip=None if round_trip is None else round_trip * _MILLISECOND,
        client_version=answer.client_version,
    )

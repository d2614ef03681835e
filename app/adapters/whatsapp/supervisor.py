"""Supervisor of one sidecar: starts it, pings it, restarts it with backoff when it dies (S5)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from app.adapters.whatsapp.restart_policy import AT_ONCE, RestartPolicy
from app.adapters.whatsapp.sidecar import Sidecar
from app.domain.errors import SidecarCrashLoopError, SidecarGoneError, SidecarOutdatedError
from app.ports.clock import Clock

START_PATIENCE = timedelta(seconds=30)


class Supervisor:
    """Supervisor of one session's sidecar; `run` must run.

    `died` is called after each death, without waiting, with whether quick restarts have ended.
    """

    def __init__(
        self,
        start: Callable[[], Awaitable[Sidecar]],
        died: Callable[[bool], None],
        clock: Clock,
        log: logging.Logger,
    ) -> None:
        self._start = start
        self._died = died
        self._clock = clock
        self._log = log
        self._policy = RestartPolicy()
        self._stopping = asyncio.Event()
        self._settled = asyncio.Event()
        """Set while a longer wait would not change the answer of `ready`."""
        self._outdated = self._replacing = False
        self._child: Sidecar | None = None
        self.current: Sidecar | None = None
        """The child after its first successful ping."""

    async def ready(self) -> Sidecar:
        """Return the running sidecar, waiting for one being started.

        Raises SidecarGoneError, SidecarCrashLoopError where it is tried once a minute only, SidecarOutdatedError.
        """
        await self._clock.wait(self._settled, START_PATIENCE)
        if self._outdated:
            raise SidecarOutdatedError
        if self.current is None:
            raise SidecarCrashLoopError if self._policy.given_up else SidecarGoneError
        return self.current

    async def run(self) -> None:
        """Run one child after another, until `stop` or a sidecar of another version."""
        while not self._stopping.is_set():
            was_open = await self._run_child_guarded()
            if self._stopping.is_set() or self._outdated:
                break
            if self._replacing:
                self._replacing = False
                continue
            pause = self._policy.pause_after_death(self._clock.steady(), had_been_open=was_open)
            self._log.warning("the sidecar died; next start in %d s", pause.total_seconds())
            self._died(self._policy.given_up)
            if pause > AT_ONCE:
                self._settled.set()
                await self._clock.wait(self._stopping, pause)
        self._settled.set()

    async def replace(self, before_stop: Callable[[Sidecar], Awaitable[None]]) -> None:
        """Replace the child without counting a death; `ready` waits for the next one."""
        child, self.current = self.current, None
        if child:
            self._replacing = True
            self._settled.clear()
            await before_stop(child)
            await child.stop()

    async def stop(self) -> None:
        """Stop the child, gently first, and start no other; bounded by the process's shutdown steps."""
        self._stopping.set()
        if self._child:
            await self._child.stop()

    async def abandon(self) -> None:
        """Kill the child and start no other, after the supervision itself has failed."""
        self._stopping.set()
        self._settled.set()
        await self._abandon_child()

    async def _abandon_child(self) -> bool:
        """Kill the child; return whether its connection was open."""
        child, self._child, self.current = self._child, None, None
        if child is None:
            return False
        await child.kill()
        return child.was_open

    async def _run_child_guarded(self) -> bool:
        """Run one child; an error of ours around it counts as its death, and another follows (Z2)."""
        try:
            return await self._run_child()
        except Exception as error:  # noqa: BLE001 - the supervisor outlives every child
            self._log.error("a sidecar could not be looked after: %s", _innermost(error))
            return await self._abandon_child()

    async def _run_child(self) -> bool:
        self._settled.clear()
        try:
            sidecar = await self._start()
        except OSError as error:
            self._log.error("the sidecar could not be started: %s", type(error).__name__)
            return False
        self._child = sidecar
        async with asyncio.TaskGroup() as tasks:
            living = tasks.create_task(sidecar.live())
            await self._handshake(sidecar)
            await living
        self._child = self.current = None
        return sidecar.was_open

    async def _handshake(self, sidecar: Sidecar) -> None:
        try:
            await sidecar.ping()
        except SidecarOutdatedError:
            self._log.error("the sidecar speaks another version of the wire")
            self._outdated = True
        except SidecarGoneError as error:
            self._log.warning("the sidecar did not greet back: %s", type(error).__name__)
        else:
            if not self._stopping.is_set():
                self.current = sidecar
                self._settled.set()
                return
        await sidecar.stop()


def _innermost(error: BaseException) -> str:
    """Return the name of the error inside of task groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__

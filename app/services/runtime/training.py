"""Simulated owner of the shop in a training: scans the QR code that the app shows."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from app.domain.errors import FormerTrainingError
from app.domain.events import ConnectionChanged
from app.domain.session import LOGGED_OUT, ConnectionState
from app.ports.training import TrainingWorld
from app.services.runtime.core import Core


class SimulatedOwner:
    """Scans each code once, `dawdle` after the first code of a pairing appeared."""

    def __init__(self, core: Core, world: TrainingWorld, dawdle: timedelta = timedelta(0)) -> None:
        self._core, self._world, self._dawdle = core, world, dawdle
        self._scanning = False
        self._scanned = ""

    def watch(self) -> Callable[[], None]:
        """Subscribe to connection changes; return the function that unsubscribes."""
        return self._core.bus.subscribe(ConnectionChanged, self._on_connection_changed)

    def _on_connection_changed(self, event: ConnectionChanged) -> None:
        qr = event.status.qr_code
        if qr and qr.text != self._scanned and not self._scanning:
            self._scanning = True
            self._core.background.tasks.start(self._scan(), "scan")

    async def _scan(self) -> None:
        """Scan the code shown after `dawdle`; codes change while a person reaches for the phone."""
        try:
            await self._core.clock.sleep(self._dawdle)
            if qr := self._core.connection.get_connection_status().qr_code:
                self._scanned = qr.text
                await self._world.scan(qr.text)
        finally:
            self._scanning = False


async def pair_with_owner(core: Core, world: TrainingWorld, patience: timedelta) -> bool:
    """Pair with the simulated owner; return whether the connection is open within `patience`.

    Raises FormerTrainingError where the simulated WhatsApp does not know our session.
    """
    settled = asyncio.Event()

    def changed(event: ConnectionChanged) -> None:
        if event.status.is_connected or event.status.state is ConnectionState.BLOCKED:
            settled.set()

    leave = SimulatedOwner(core, world).watch()
    unsubscribe = core.bus.subscribe(ConnectionChanged, changed)
    changed(ConnectionChanged(core.connection.get_connection_status()))
    if core.connection.get_connection_status().state is ConnectionState.UNPAIRED:
        await core.connection.pair()
    await core.clock.wait(settled, patience)
    unsubscribe()
    leave()
    status = core.connection.get_connection_status()
    if status.state is ConnectionState.BLOCKED and status.reason == LOGGED_OUT:
        raise FormerTrainingError
    return status.is_connected

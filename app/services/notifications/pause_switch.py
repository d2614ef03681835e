"""Pause switch of the queue: kept in the database, so that a restart does not lift a pause."""

from app.domain.events import QueuePaused
from app.ports.store import Store
from app.services.event_bus import EventBus

_PAUSED = "queue_paused"


class PauseSwitch:
    """`on` while no worker may begin an attempt; the queue manager turns it, workers read it."""

    def __init__(self, store: Store, bus: EventBus) -> None:
        self._store, self._bus = store, bus
        self.on = False

    async def restore(self) -> None:
        """Take up the pause that was in force when the program ended."""
        self.on = await self._store.read(lambda rows: rows.settings.get(_PAUSED)) == "yes"

    async def turn(self, *, on: bool) -> None:
        """Save the new position, then put it into force and publish it."""
        await self._store.transact(lambda rows: rows.settings.set(_PAUSED, "yes" if on else "no"))
        self.on = on
        self._bus.publish(QueuePaused(on))

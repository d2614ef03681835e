"""Recycling of a session's Node process: once it is large, or at night, never while busy."""

from datetime import timedelta
from typing import Final

from app.domain.recycling import RecyclingPolicy
from app.ports.clock import Clock
from app.ports.messenger import Pulse
from app.ports.store import Store
from app.services.connection.manager import WhatsAppConnectionManager

_SOON: Final = timedelta(minutes=1)
# The longest that one message can be in flight.
_IN_FLIGHT_WITHIN: Final = timedelta(seconds=30)


class Recycling:
    """Checks the process with every answer to a probe."""

    def __init__(
        self, connection: WhatsAppConnectionManager, store: Store, clock: Clock, policy: RecyclingPolicy
    ) -> None:
        self._connection, self._store, self._clock, self._policy = connection, store, clock, policy

    async def consider(self, pulse: Pulse) -> None:
        policy, hour = self._policy, self._clock.now().astimezone().hour
        if not self._connection.get_connection_status().is_connected:
            return
        if policy.is_too_large(pulse.memory_bytes, pulse.up_for) or (
            policy.is_due_tonight(pulse.up_for, hour) and await self._is_quiet()
        ):
            await self._connection.recycle(_IN_FLIGHT_WITHIN)

    async def _is_quiet(self) -> bool:
        """Return whether the queue is idle: no message in flight or in doubt, and no row due soon."""
        session_id = self._connection.get_connection_status().session_id
        soon = self._clock.now() + _SOON

        return not await self._store.read(lambda rows: rows.notifications.is_busy(session_id, soon))

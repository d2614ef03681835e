"""All WhatsApp sessions of the shop, each with its own connection and state."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

from app.domain.identifiers import SessionId
from app.domain.phone import Phone
from app.domain.session import ConnectionState, ConnectionStatus
from app.services.connection.manager import WhatsAppConnectionManager

# Such a number sends no message until a person has dealt with it.
_OUT = frozenset({ConnectionState.BLOCKED, ConnectionState.UNPAIRED})


class Sessions:
    """Sessions by id; the first one is the default, the connection of front ends with one number."""

    def __init__(self, managers: Sequence[WhatsAppConnectionManager]) -> None:
        self._managers = {manager.get_connection_status().session_id: manager for manager in managers}
        self.default = managers[0]

    def __iter__(self) -> Iterator[WhatsAppConnectionManager]:
        return iter(self._managers.values())

    def __getitem__(self, session_id: SessionId) -> WhatsAppConnectionManager:
        return self._managers[session_id]

    @property
    def ids(self) -> tuple[SessionId, ...]:
        return tuple(self._managers)

    def get(self, session_id: SessionId) -> WhatsAppConnectionManager | None:
        return self._managers.get(session_id)

    async def initialize(self) -> None:
        """Initialize all side by side; a process that fails to start delays no other."""
        ends = await asyncio.gather(*(manager.initialize() for manager in self), return_exceptions=True)
        for end in ends:
            if end is not None:
                raise end

    def statuses(self) -> list[ConnectionStatus]:
        return [manager.get_connection_status() for manager in self]

    def is_connected(self, session_id: SessionId) -> bool:
        manager = self._managers.get(session_id)
        return manager is not None and manager.get_connection_status().is_connected

    def linked_number(self) -> tuple[SessionId, Phone] | None:
        """Return session and number of the first connection to a number that the manager linked."""
        for manager in self:
            status = manager.get_connection_status()
            if status.is_connected and status.phone and manager.relink.is_linked(status.phone):
                return status.session_id, status.phone
        return None

    def is_drained(self, session_id: SessionId) -> bool:
        """Return whether the present connection is open and its offline queue is drained."""
        manager = self._managers.get(session_id)
        return manager is not None and manager.offline_queue.drained_generation == manager.generation > 0

    def is_out(self, session_id: SessionId) -> bool:
        """Return whether only a person can bring the session back; a number that the shop gave up counts as out."""
        manager = self._managers.get(session_id)
        return manager is None or manager.get_connection_status().state in _OUT

    def on_any_update(self, callback: Callable[[ConnectionStatus], None]) -> None:
        for manager in self:
            manager.on_connection_update(callback)

"""All WhatsApp sessions of the shop, each with its own connection and lamp."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

from app.domain.identifiers import SessionId
from app.domain.session import ConnectionState, ConnectionStatus
from app.services.connection.manager import WhatsAppConnectionManager

# Such a number tells nobody anything until a person has seen to it.
_OUT = frozenset({ConnectionState.BLOCKED, ConnectionState.UNPAIRED})


class Sessions:
    """The first one is the default, which front ends of one number know as the connection."""

    def __init__(self, managers: Sequence[WhatsAppConnectionManager]) -> None:
        self._managers = {manager.get_connection_status().session_id: manager for manager in managers}
        self.default = managers[0]

    def __iter__(self) -> Iterator[WhatsAppConnectionManager]:
        return iter(self._managers.values())

    @property
    def ids(self) -> tuple[SessionId, ...]:
        return tuple(self._managers)

    def get(self, session_id: SessionId) -> WhatsAppConnectionManager | None:
        return self._managers.get(session_id)

    async def initialize(self) -> None:
        """Side by side: one whose process does not start keeps no other waiting."""
        ends = await asyncio.gather(*(manager.initialize() for manager in self), return_exceptions=True)
        for end in ends:
            if end is not None:
                raise end

    def statuses(self) -> list[ConnectionStatus]:
        return [manager.get_connection_status() for manager in self]

    def is_connected(self, session_id: SessionId) -> bool:
        manager = self._managers.get(session_id)
        return manager is not None and manager.get_connection_status().is_connected

    def is_out(self, session_id: SessionId) -> bool:
        """Whether only a person can bring it back; a number that is not the shop's any more is out too."""
        manager = self._managers.get(session_id)
        return manager is None or manager.get_connection_status().state in _OUT

    def on_any_update(self, callback: Callable[[ConnectionStatus], None]) -> None:
        for manager in self:
            manager.on_connection_update(callback)

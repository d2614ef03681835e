"""Loss of each number's connection: since when, and the last known cause."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.identifiers import SessionId
from app.domain.session import ConnectionState, ConnectionStatus


@dataclass(frozen=True, slots=True)
class ConnectionLoss:
    """One uninterrupted time without a connection; `reason` outlives the attempts to connect in it."""

    since: datetime
    reason: str | None = None


class ConnectionTimes:
    """Start of each number's present state, and its loss while it is not connected."""

    def __init__(self, statuses: Iterable[ConnectionStatus], now: datetime) -> None:
        self._states: dict[SessionId, ConnectionState] = {}
        self._state_since: dict[SessionId, datetime] = {}
        self._losses: dict[SessionId, ConnectionLoss] = {}
        for status in statuses:
            connected = status.last_connected if status.is_connected else None
            self.record(status, connected or now)

    def record(self, status: ConnectionStatus, now: datetime) -> None:
        session_id = status.session_id
        if status.state is not self._states.get(session_id):
            self._states[session_id] = status.state
            self._state_since[session_id] = now
        if status.is_connected:
            self._losses.pop(session_id, None)
            return
        loss = self._losses.get(session_id) or ConnectionLoss(now)
        # An attempt to connect has no reason of its own: the last failure's still holds.
        trying = status.state is ConnectionState.CONNECTING and status.reason is None
        self._losses[session_id] = loss if trying else replace(loss, reason=status.reason)

    def state_since(self, session_id: SessionId) -> datetime:
        """Return when this number's connection entered its present state."""
        return self._state_since[session_id]

    def loss(self, session_id: SessionId) -> ConnectionLoss | None:
        """Return the present loss, None while the number is connected."""
        return self._losses.get(session_id)

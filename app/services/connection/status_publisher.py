"""Publisher of one session's status: publishes each change, and "connected" only with proof of liveness."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from app.domain.events import ConnectionChanged
from app.domain.identifiers import SessionId
from app.domain.phone import Phone
from app.domain.session import ConnectionState, ConnectionStatus, LinkCode, PairingStep, QrCode
from app.services.connection.liveness import LastResponse
from app.services.event_bus import EventBus


class StatusFields(TypedDict, total=False):
    """Fields of a status other than its connection state."""

    qr_code: QrCode | None
    last_connected: datetime
    phone: Phone | None
    pairing: PairingStep | None
    pairing_code: LinkCode | None
    round_trip: timedelta | None
    code: int | None
    until: datetime | None


class StatusPublisher:
    """Holds `claimed`, the state by the connection's own events; callers read the proved one (S4)."""

    def __init__(self, session_id: SessionId, bus: EventBus, proof: LastResponse) -> None:
        self._bus, self._proof = bus, proof
        self._held = ConnectionStatus(session_id)
        self._published: ConnectionStatus | None = None

    def subscribe(self, callback: Callable[[ConnectionStatus], None]) -> Callable[[], None]:
        """Call back with every new status of this session; return the function that unsubscribes."""

        def on_changed(event: ConnectionChanged) -> None:
            if event.status.session_id == self._held.session_id:
                callback(event.status)

        return self._bus.subscribe(ConnectionChanged, on_changed)

    @property
    def claimed(self) -> ConnectionState:
        return self._held.state

    @property
    def now(self) -> ConnectionStatus:
        """Current status; an expired proof of liveness counts at once, even between two checks."""
        return replace(self._held, state=self._proof.state_after(self._held.state), proved_at=self._proof.at)

    def note(self, **fields: Unpack[StatusFields]) -> None:
        """Set fields that are published with the next change of the state."""
        self._held = replace(self._held, **fields)

    def show(self, state: ConnectionState, reason: str | None = None) -> None:
        self._held = replace(self._held, state=state, reason=reason)
        self.publish_if_changed()

    def record_response(self, at: timedelta, round_trip: timedelta | None) -> None:
        self._proof.record(at)
        self.note(round_trip=round_trip or self._held.round_trip)
        self.publish_if_changed()

    def publish_if_changed(self) -> None:
        """Publish the status if it changed."""
        now = self.now
        if now != self._published:
            self._published = now
            self._bus.publish(ConnectionChanged(now))

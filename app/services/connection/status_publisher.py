"""Holds one session's status, tells every change of it, and lets the lamp say no more than is proved."""

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
    """What may change of a status besides its lamp."""

    qr_code: QrCode | None
    last_connected: datetime
    phone: Phone | None
    pairing: PairingStep | None
    pairing_code: LinkCode | None
    round_trip: timedelta | None


class StatusPublisher:
    """`claimed` is the lamp by the connection's own events; whoever asks is given the proved one (S4)."""

    def __init__(self, session_id: SessionId, bus: EventBus, proof: LastResponse) -> None:
        self._bus, self._proof = bus, proof
        self._held = ConnectionStatus(session_id)
        self._published: ConnectionStatus | None = None

    @property
    def claimed(self) -> ConnectionState:
        return self._held.state

    @property
    def now(self) -> ConnectionStatus:
        """Also between two looks: an old proof is worth nothing whoever has noticed it yet."""
        return replace(self._held, state=self._proof.state_after(self._held.state), proved_at=self._proof.at)

    def note(self, **fields: Unpack[StatusFields]) -> None:
        """Told with the next change of the lamp."""
        self._held = replace(self._held, **fields)

    def show(self, lamp: ConnectionState, reason: str | None = None) -> None:
        self._held = replace(self._held, state=lamp, reason=reason)
        self.publish_if_changed()

    def record_response(self, at: timedelta, round_trip: timedelta | None) -> None:
        self._proof.record(at)
        self.note(round_trip=round_trip or self._held.round_trip)
        self.publish_if_changed()

    def publish_if_changed(self) -> None:
        """Tell what has become of it, where that is news."""
        now = self.now
        if now != self._published:
            self._published = now
            self._bus.publish(ConnectionChanged(now))

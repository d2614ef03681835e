"""Holds one session's status, tells every change of it, and lets the lamp say no more than is proved."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from app.domain.events import ConnectionChanged
from app.domain.identifiers import SessionId
from app.domain.phone import Phone
from app.domain.session import ConnectionStatus, Lamp, LinkCode, PairingStep, QrCode
from app.services.connection.proof import Proof
from app.services.event_bus import EventBus


class Noted(TypedDict, total=False):
    """What may change of a status besides its lamp."""

    qr_code: QrCode | None
    last_connected: datetime
    phone: Phone | None
    pairing: PairingStep | None
    pairing_code: LinkCode | None
    round_trip: timedelta | None


class ShownStatus:
    """`claimed` is the lamp by the connection's own events; whoever asks is given the proved one (S4)."""

    def __init__(self, session_id: SessionId, bus: EventBus, proof: Proof) -> None:
        self._bus, self._proof = bus, proof
        self._held = ConnectionStatus(session_id)
        self._told: ConnectionStatus | None = None

    @property
    def claimed(self) -> Lamp:
        return self._held.lamp

    @property
    def now(self) -> ConnectionStatus:
        """Also between two looks: an old proof is worth nothing whoever has noticed it yet."""
        return replace(self._held, lamp=self._proof.lamp(self._held.lamp), proved_at=self._proof.at)

    def note(self, **fields: Unpack[Noted]) -> None:
        """Told with the next change of the lamp."""
        self._held = replace(self._held, **fields)

    def show(self, lamp: Lamp, reason: str | None = None) -> None:
        self._held = replace(self._held, lamp=lamp, reason=reason)
        self.look()

    def proved(self, at: timedelta, round_trip: timedelta | None) -> None:
        self._proof.heard(at)
        self.note(round_trip=round_trip or self._held.round_trip)
        self.look()

    def look(self) -> None:
        """Tell what has become of it, where that is news."""
        now = self.now
        if now != self._told:
            self._told = now
            self._bus.publish(ConnectionChanged(now))

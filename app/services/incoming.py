"""Brings what a messenger tells to the service it concerns."""

from datetime import datetime

from app.domain.events import InboundArrived, TroubleReported
from app.domain.identifiers import SessionId
from app.domain.receipt import Receipt
from app.domain.session import QrCode, SessionData
from app.ports.messenger import Inbound, LinkChanged
from app.services.connection.manager import WhatsAppConnectionManager
from app.services.event_bus import EventBus
from app.services.messaging.opt_outs import OptOuts
from app.services.notifications.receipts import Receipts


class Incoming:
    """The one listener of the messenger."""

    def __init__(
        self, connection: WhatsAppConnectionManager, receipts: Receipts, opt_outs: OptOuts, bus: EventBus
    ) -> None:
        self._connection, self._receipts, self._bus = connection, receipts, bus
        self._opt_outs = opt_outs

    async def link_changed(self, change: LinkChanged) -> None:
        await self._connection.link_changed(change)

    async def qr_shown(self, session_id: SessionId, qr: QrCode) -> None:
        if session_id == self._connection.get_connection_status().session_id:
            self._connection.qr_shown(qr)

    async def session_changed(self, session: SessionData) -> None:
        await self._connection.save_session(session)

    async def receipt_arrived(self, session_id: SessionId, receipt: Receipt) -> None:
        _ = session_id
        await self._receipts.arrived(receipt)

    async def inbound_arrived(self, inbound: Inbound) -> None:
        self._bus.publish(
            InboundArrived(
                session_id=inbound.session_id,
                message_id=inbound.message_id,
                phone=inbound.phone,
                kind=inbound.kind,
                text=inbound.text,
                at=inbound.at,
            )
        )
        await self._opt_outs.heard(inbound)

    async def pairing_refused(self, session_id: SessionId, kind: str) -> None:
        _ = session_id
        self._bus.publish(TroubleReported(f"pairing_{kind}"))

    async def restricted(self, session_id: SessionId, kind: str, until: datetime | None) -> None:
        _ = session_id, until
        self._bus.publish(TroubleReported(f"restricted_{kind}"))

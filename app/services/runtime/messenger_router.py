"""Router of messenger events to the services they concern."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from app.domain.events import HistoryRead, ProblemReported
from app.domain.identifiers import MessageId, SessionId
from app.domain.receipt import Receipt
from app.domain.restriction import Restriction, RestrictionKind
from app.domain.session import PASSKEY, QrCode, SessionData
from app.ports.chat_timers import ChatTimer
from app.ports.histories import history_setting
from app.ports.inbound import Inbound, UnreadMessage
from app.ports.messenger import LinkChanged, SeenAccount
from app.ports.store import Store
from app.services.clock.schedule_adjuster import ScheduleAdjuster
from app.services.connection.sessions import Sessions
from app.services.event_bus import EventBus
from app.services.messaging.chat_timers import ChatTimers
from app.services.messaging.inbox import Inbox
from app.services.messaging.opt_outs import OptOuts
from app.services.messaging.seen_accounts import SeenAccounts
from app.services.notifications.receipts import ReceiptRecorder
from app.services.orders.order_claims import OrderClaims
from app.services.rate_limits.rate_limiters import RateLimiters


@dataclass(eq=False)
class MessengerEventRouter:
    """The messenger's only listener."""

    sessions: Sessions
    receipts: ReceiptRecorder
    rate_limiters: RateLimiters
    opt_outs: OptOuts
    inbox: Inbox
    claims: OrderClaims
    schedule: ScheduleAdjuster
    bus: EventBus
    accounts: SeenAccounts
    timers: ChatTimers
    store: Store

    async def link_changed(self, change: LinkChanged) -> None:
        if connection := self.sessions.get(change.session_id):
            await connection.link_changed(change)

    async def qr_shown(self, session_id: SessionId, qr: QrCode) -> None:
        if connection := self.sessions.get(session_id):
            connection.qr_shown(qr)

    async def session_changed(self, session: SessionData) -> None:
        if connection := self.sessions.get(session.session_id):
            await connection.save_session(session)

    async def receipts_arrived(self, session_id: SessionId, receipts: Sequence[Receipt]) -> None:
        with self._arriving(session_id):
            await self.receipts.record(receipts)

    async def about_to_write(self, message_id: MessageId) -> bool:
        return await self.receipts.mark_on_wire(message_id)

    def offline_stanza_arrived(self, session_id: SessionId, unread: UnreadMessage | None) -> None:
        if connection := self.sessions.get(session_id):
            connection.offline_queue.record_stanza(connection.generation, unread)

    def offline_message_recorded(self, session_id: SessionId, message_id: MessageId) -> None:
        if connection := self.sessions.get(session_id):
            connection.offline_queue.record_read(message_id)

    async def inbound_arrived(self, inbound: Inbound) -> None:
        """Record a customer's message; opt-outs first, so that no later failure keeps one from being obeyed (X1)."""
        with self._arriving(inbound.session_id):
            await self.opt_outs.handle(inbound)
            if not await self.claims.handle(inbound):
                await self.inbox.record(inbound)
        if connection := self.sessions.get(inbound.session_id):
            connection.offline_queue.record_inbound(inbound)

    async def accounts_seen(self, session_id: SessionId, accounts: Sequence[SeenAccount]) -> None:
        _ = session_id
        await self.accounts.record(accounts)

    async def timers_seen(self, session_id: SessionId, timers: Sequence[ChatTimer]) -> None:
        await self.timers.record(session_id, timers)

    async def history_read(self, session_id: SessionId) -> None:
        self.bus.publish(HistoryRead(session_id))

    def _arriving(self, session_id: SessionId) -> AbstractContextManager[None]:
        connection = self.sessions.get(session_id)
        return connection.offline_queue.arriving() if connection else nullcontext()

    async def time_told(self, session_id: SessionId, at: datetime) -> None:
        _ = session_id
        await self.schedule.record_server_time(at)

    async def pairing_refused(self, session_id: SessionId, kind: str) -> None:
        """End the pairing attempt for a passkey; else report only, for a new code is on its way already."""
        if kind != PASSKEY:
            self.bus.publish(ProblemReported(f"pairing_{kind}"))
        elif connection := self.sessions.get(session_id):
            await connection.pairing_refused(PASSKEY)

    async def restricted(self, session_id: SessionId, restriction: Restriction) -> None:
        """Apply a restriction and report its beginning once; the rate limit status shows its duration and end."""
        if await self.rate_limiters.apply_restriction(session_id, restriction):
            relinking_helps = restriction.kind is RestrictionKind.TIME_LOCK and not await self._knows_chats(
                session_id
            )
            suffix = "_relink" if relinking_helps else ""
            self.bus.publish(ProblemReported(f"restricted_{restriction.kind}{suffix}"))

    async def _knows_chats(self, session_id: SessionId) -> bool:
        """Return whether the phone has pushed its chats, which it does at linking alone."""
        return bool(await self.store.read(lambda rows: rows.settings.get(history_setting(session_id))))

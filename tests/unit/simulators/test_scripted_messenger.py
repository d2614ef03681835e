"""Scripted messenger of the services' tests."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.attempt import Accepted, InDoubt, Rejected, RejectionKind
from app.domain.identifiers import MessageId, SessionId
from app.domain.receipt import Evidence, Receipt
from app.domain.restriction import Restriction
from app.domain.session import QrCode, SessionData
from app.ports.chat_timers import ChatTimer
from app.ports.inbound import Inbound, UnreadMessage
from app.ports.messenger import LinkChanged, LinkState, Messenger, MessengerListener, SeenAccount
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger

MAIN = SessionId("main")
PAIRED = SessionData(MAIN, credentials="{}", paired=True)


@dataclass
class Notes:
    """A listener that writes everything down."""

    links: list[LinkState] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)

    async def link_changed(self, change: LinkChanged) -> None:
        self.links.append(change.state)

    async def qr_shown(self, session_id: SessionId, qr: QrCode) -> None: ...

    async def session_changed(self, session: SessionData) -> None: ...

    async def about_to_write(self, message_id: MessageId) -> bool:  # noqa: ARG002 - the port's signature
        return True

    def offline_stanza_arrived(self, session_id: SessionId, unread: UnreadMessage | None) -> None: ...

    def offline_message_recorded(self, session_id: SessionId, message_id: MessageId) -> None: ...

    async def receipts_arrived(self, session_id: SessionId, receipts: Sequence[Receipt]) -> None:
        assert session_id == MAIN
        self.receipts.extend(receipts)

    async def inbound_arrived(self, inbound: Inbound) -> None: ...

    async def accounts_seen(self, session_id: SessionId, accounts: Sequence[SeenAccount]) -> None: ...

    async def history_read(self, session_id: SessionId) -> None: ...

    async def timers_seen(self, session_id: SessionId, timers: Sequence[ChatTimer]) -> None: ...

    async def time_told(self, session_id: SessionId, at: datetime) -> None: ...

    async def pairing_refused(self, session_id: SessionId, kind: str) -> None: ...

    async def restricted(self, session_id: SessionId, restriction: Restriction) -> None: ...


def test_it_opens_answers_as_scripted_and_sends_receipts_by_itself() -> None:
    async def scene() -> None:
        clock = MovedClock()
        scripted = ScriptedMessenger(clock, auto_receipts=(Evidence.DELIVERED, Evidence.READ))
        messenger: Messenger = scripted
        notes = Notes()
        listener: MessengerListener = notes
        await messenger.start(listener)
        scripted.outcomes.append(InDoubt("ack_timeout"))

        async def send() -> object:
            return await messenger.send_text(
                MAIN, "1@s.whatsapp.net", "oi", MessageId("3EB0A"), timedelta(hours=9)
            )

        assert await send() == Rejected(RejectionKind.NOT_CONNECTED)
        await messenger.connect(PAIRED)
        await let_tasks_run()
        assert notes.links == [LinkState.CONNECTING, LinkState.OPEN, LinkState.DRAINED]
        assert await send() == InDoubt("ack_timeout")
        assert await send() == Accepted(clock.now())
        await let_tasks_run()
        assert [receipt.evidence for receipt in notes.receipts] == [Evidence.DELIVERED, Evidence.READ]
        await scripted.emit(LinkChanged(MAIN, LinkState.CLOSED, code=428))
        assert await send() == Rejected(RejectionKind.NOT_CONNECTED)
        assert len(scripted.sends) == 2
        await messenger.stop()

    asyncio.run(scene())

"""A listener that writes down all it is told, and a test can wait for."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.adapters.system.clock import SystemClock
from app.domain.errors import DatabaseBusyError, DatabaseUnreadableError
from app.domain.identifiers import MessageId, SessionId
from app.domain.lid import Address
from app.domain.receipt import Evidence, Receipt
from app.domain.restriction import Restriction
from app.domain.session import QrCode, SessionData
from app.ports.chat_timers import ChatTimer
from app.ports.inbound import Inbound, UnreadMessage
from app.ports.messenger import LinkChanged, LinkState, SeenAccount

MAIN = SessionId("main")
PATIENCE = timedelta(seconds=20)
UNREAD, RECORDED = "unread", "recorded"
Word = LinkState | datetime | tuple[MessageId, Evidence] | tuple[MessageId, bool] | tuple[MessageId, str]
"""A state, WhatsApp's time, a receipt, an inbound text with whether it came live, a message that waited."""
UNPAIRED = SessionData(MAIN, "", paired=False)


@dataclass
class Heard:
    session: SessionData = UNPAIRED
    """As it was last saved; a session that WhatsApp no longer knows is forgotten."""
    words: list[Word] = field(default_factory=list)
    """In the order in which they were told."""
    unread: list[UnreadMessage] = field(default_factory=list)
    codes: list[int | None] = field(default_factory=list)
    """Of each close."""
    codes_shown: list[QrCode] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    inbound: list[Inbound] = field(default_factory=list)
    seen: list[SeenAccount] = field(default_factory=list)
    timers: list[ChatTimer] = field(default_factory=list)
    links: list[LinkChanged] = field(default_factory=list)
    histories: int = 0
    """How many pushed histories were read."""
    keeps_receipts: bool = True
    keeps_texts: bool = True
    is_open: bool = False

    def __post_init__(self) -> None:
        self._clock = SystemClock()
        self._waiting: list[asyncio.Event] = []

    def forget(self) -> None:
        """What was told so far."""
        for told in (
            self.words,
            self.unread,
            self.codes,
            self.codes_shown,
            self.receipts,
            self.inbound,
            self.seen,
            self.timers,
            self.links,
        ):
            told.clear()
        self.histories = 0

    async def until_seen(self, account: SeenAccount) -> None:
        """The account id has been told with just this beside it."""
        await self._until(lambda: account in self.seen, "an account id")

    async def text(self, message_id: MessageId) -> Inbound:
        """Return this message once it could be read."""

        def found() -> list[Inbound]:
            return [each for each in self.inbound if each.message_id == message_id and each.text]

        await self._until(lambda: bool(found()), "a text")
        return found()[0]

    async def until_history(self) -> None:
        """A pushed history has been read."""
        await self._until(lambda: self.histories > 0, "a history")

    async def timer(self, address: Address) -> ChatTimer:
        """Return the first timer that was told of this chat: that of another may come once more after a login."""

        def found() -> list[ChatTimer]:
            return [timer for timer in self.timers if address in (timer.phone, timer.lid)]

        await self._until(lambda: bool(found()), "a timer")
        return found()[0]

    async def until(self, word: Word, times: int = 1) -> None:
        """It has been told that often since all was last forgotten; bounded."""
        await self._until(lambda: self.words.count(word) >= times, word)

    async def qr_code(self) -> QrCode:
        await self._until(lambda: bool(self.codes_shown), "a QR code")
        return self.codes_shown[0]

    async def link_changed(self, change: LinkChanged) -> None:
        assert change.session_id == MAIN
        self.links.append(change)
        if change.state is not LinkState.DRAINED:
            self.is_open = change.state is LinkState.OPEN
        if change.state is LinkState.CLOSED:
            self.codes.append(change.code)
            self.session = UNPAIRED if change.code == 401 else self.session
        self._note(change.state)

    async def qr_shown(self, session_id: SessionId, qr: QrCode) -> None:
        assert session_id == MAIN
        self.codes_shown.append(qr)
        self._ring()

    async def session_changed(self, session: SessionData) -> None:
        self.session = session

    async def about_to_write(self, message_id: MessageId) -> bool:  # noqa: ARG002 - the port's signature
        return True

    def offline_stanza_arrived(self, session_id: SessionId, unread: UnreadMessage | None) -> None:
        assert session_id == MAIN
        if unread:
            self.unread.append(unread)
            self._note((unread.message_id, UNREAD))

    def offline_message_recorded(self, session_id: SessionId, message_id: MessageId) -> None:
        assert session_id == MAIN
        self._note((message_id, RECORDED))

    async def receipts_arrived(self, session_id: SessionId, receipts: Sequence[Receipt]) -> None:
        assert session_id == MAIN
        self.receipts.extend(receipts)
        for receipt in receipts:
            self._note((receipt.message_id, receipt.evidence))
        if not self.keeps_receipts:
            raise DatabaseBusyError

    async def inbound_arrived(self, inbound: Inbound) -> None:
        assert inbound.session_id == MAIN
        self.inbound.append(inbound)
        self._note((inbound.message_id, inbound.live))
        if not self.keeps_texts:
            raise DatabaseUnreadableError

    async def accounts_seen(self, session_id: SessionId, accounts: Sequence[SeenAccount]) -> None:
        assert session_id == MAIN
        self.seen.extend(accounts)
        self._ring()

    async def history_read(self, session_id: SessionId) -> None:
        assert session_id == MAIN
        self.histories += 1
        self._ring()

    async def timers_seen(self, session_id: SessionId, timers: Sequence[ChatTimer]) -> None:
        assert session_id == MAIN
        self.timers.extend(timers)
        self._ring()

    async def time_told(self, session_id: SessionId, at: datetime) -> None:
        assert session_id == MAIN
        self._note(at)

    async def pairing_refused(self, session_id: SessionId, kind: str) -> None:
        raise AssertionError(session_id, kind)

    async def restricted(self, session_id: SessionId, restriction: Restriction) -> None:
        """Follows a refusal with 463 where WhatsApp tells its end; no promise of the port."""

    def _note(self, word: Word) -> None:
        self.words.append(word)
        self._ring()

    async def _until(self, fits: Callable[[], bool], what: object) -> None:
        due = self._clock.steady() + PATIENCE
        while not fits():
            told = asyncio.Event()
            self._waiting.append(told)
            in_time = await self._clock.wait(told, due - self._clock.steady())
            assert in_time, f"never told: {what}, but {self.words}"

    def _ring(self) -> None:
        for told in self._waiting:
            told.set()
        self._waiting.clear()

"""Numbers and account ids of the scripted messenger: what it answers about them, and what it tells by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain import errors
from app.domain.account import CouldNotAsk, NumberAnswer, WhatsAppAccount
from app.domain.identifiers import MessageId, SessionId
from app.domain.lid import Address, Lid
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.ports.clock import Clock
from app.ports.messenger import MOST_CUSTOMERS_ASKED, MessengerListener, SeenAccount

MAIN = SessionId("main")


@dataclass
class ScriptedAccounts:
    clock: Clock
    answers: dict[Phone, NumberAnswer] = field(default_factory=dict)
    """Answers of find_number by the first form asked; when there is none, an account with that number."""
    lids: dict[Phone, str] = field(default_factory=dict)
    """Account ids by number, told with answers and by the receipts of `auto_receipts`."""
    hidden: set[Phone] = field(default_factory=set)
    """Those whose account id no answer tells."""
    trusted: set[Phone] = field(default_factory=set)
    """Those who have let the shop write to them, in chats older than this program."""
    asked_numbers: list[tuple[Phone, ...]] = field(default_factory=list)
    """One entry for each customer that was asked for."""
    requests_for_numbers: int = 0
    """How many requests asked for them."""
    shows_read: bool = True
    """The account's privacy setting."""
    read_marks: list[tuple[Address, MessageId, bool]] = field(default_factory=list)
    """Messages of customers that were marked as read, in order, each with whether the customer sees it."""

    def __post_init__(self) -> None:
        self.open_sessions: set[SessionId] = set()
        self._listener: MessengerListener | None = None
        self._connections: dict[SessionId, SessionData] = {}
        """The latest one of each session, whatever has become of it."""

    @property
    def listener(self) -> MessengerListener:
        assert self._listener is not None, "the messenger is not started"
        return self._listener

    async def see(self, *accounts: SeenAccount, session_id: SessionId = MAIN) -> None:
        """Tell the listener of account ids with their numbers; returns when it has saved them."""
        await self.listener.accounts_seen(session_id, accounts)

    async def see_recipient(self, session_id: SessionId, jid: str) -> None:
        """The receipt of a text to a number tells its account id."""
        phone = Phone(f"+{jid.partition('@')[0]}")
        if phone in self.lids:
            await self.see(SeenAccount(phone, Lid(self.lids[phone])), session_id=session_id)

    async def find_number(self, session_id: SessionId, forms: Sequence[Phone]) -> NumberAnswer:
        (answer,) = await self.find_numbers(session_id, [forms])
        return answer

    async def find_numbers(
        self, session_id: SessionId, customers: Sequence[Sequence[Phone]]
    ) -> Sequence[NumberAnswer]:
        assert len(customers) <= MOST_CUSTOMERS_ASKED
        self._need_process(session_id)
        if session_id not in self.open_sessions:
            return [CouldNotAsk("not_connected")] * len(customers)
        self.requests_for_numbers += 1
        return [await self._answer_about(session_id, forms) for forms in customers]

    async def _answer_about(self, session_id: SessionId, forms: Sequence[Phone]) -> NumberAnswer:
        self.asked_numbers.append(tuple(forms))
        if forms[0] in self.answers:
            return self.answers[forms[0]]
        lid = None if forms[0] in self.hidden else self.lids.get(forms[0])
        if lid:
            await self.see(SeenAccount(forms[0], Lid(lid)), session_id=session_id)
        return WhatsAppAccount(f"{forms[0].number[1:]}@s.whatsapp.net", lid, forms[0] in self.trusted)

    def _need_process(self, session_id: SessionId) -> None:
        """It starts with the session's first connection."""
        if session_id not in self._connections:
            raise errors.NotConnectedError

    async def mark_read(
        self, session_id: SessionId, customer: Address, message_ids: Sequence[MessageId]
    ) -> None:
        self._need_open(session_id)
        self.read_marks.extend((customer, message_id, self.shows_read) for message_id in message_ids)

    def _need_open(self, session_id: SessionId) -> None:
        if session_id not in self.open_sessions:
            raise errors.NotConnectedError

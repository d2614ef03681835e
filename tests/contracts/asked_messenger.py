"""A messenger that tests ask, with the WhatsApp behind it that they command and look into."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from itertools import count

from app.domain.attempt import Outcome
from app.domain.close_policy import CloseCause
from app.domain.identifiers import MessageId
from app.domain.phone import Phone
from app.domain.receipt import Evidence
from app.ports.clock import Clock
from app.ports.messenger import LinkChanged, LinkState, Messenger
from tests.contracts.heard_messenger import MAIN, PATIENCE, Heard

_numbers = count(1)


def jid_of(phone: Phone) -> str:
    return f"{phone.number[1:]}@s.whatsapp.net"


def new_id() -> MessageId:
    """One of its own for each message, so that no test is told of another's."""
    return MessageId(f"3EB0{next(_numbers):018X}")


def new_phone() -> Phone:
    return Phone(f"+55739{next(_numbers) + 80000000}")


class AskedMessenger(ABC):
    """`begin` makes it open whatever the test before has left; the processes behind it may outlive a test."""

    messenger: Messenger
    heard: Heard
    clock: Clock

    def __init__(self, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._started = False

    def run(self, story: Callable[[], Awaitable[None]]) -> None:
        """One story on the loop on which the messenger lives, begun with an open connection."""

        async def whole() -> None:
            await self.begin()
            await story()

        self._runner.run(whole())

    async def begin(self) -> None:
        await self.start()
        if not self.heard.is_open:
            await self.open()
        self.heard.keeps_receipts = self.heard.keeps_texts = True
        self.heard.forget()

    async def start(self) -> None:
        if not self._started:
            await self.messenger.start(self.heard)
        self._started = True

    async def stop(self) -> None:
        self._started = self.heard.is_open = False
        await self.messenger.stop()

    async def open(self) -> None:
        """A new connection, open and with nothing waiting any more."""
        self.heard.forget()
        await self.messenger.connect(self.heard.session)
        await self.heard.until(LinkState.OPEN)
        await self.heard.until(LinkState.DRAINED)

    async def fail_to_open(self) -> LinkChanged:
        """Begin a connection that fails; return its close."""
        self.heard.forget()
        await self.messenger.connect(self.heard.session)
        await self.heard.until(LinkState.CLOSED)
        return self.heard.links[-1]

    async def send(self, phone: Phone, message_id: MessageId, text: str = "oi") -> Outcome:
        return await self.send_to(jid_of(phone), message_id, text)

    async def send_to(self, jid: str, message_id: MessageId, text: str = "oi") -> Outcome:
        not_after = self.clock.steady() + PATIENCE
        return await self.messenger.send_text(MAIN, jid, text, message_id, not_after)

    async def in_flight(self, phone: Phone, message_id: MessageId) -> "asyncio.Task[Outcome]":
        """A send that has arrived and that nobody answers."""
        await self.loses_ack(phone)
        sending = asyncio.get_running_loop().create_task(self.send(phone, message_id))
        await self.heard.until((message_id, Evidence.DELIVERED))
        assert not sending.done()
        return sending

    async def closed(self) -> int | None:
        """The code of the only close."""
        await self.heard.until(LinkState.CLOSED)
        (code,) = self.heard.codes
        return code

    @abstractmethod
    async def refuses_login(self, code: int, expires_in: timedelta | None = None) -> None:
        """Refuse the next login with this code, and with the rest of a ban."""

    @abstractmethod
    async def closes_port(self) -> None:
        """Nobody listens on the server's port, for a few seconds at most."""

    @abstractmethod
    async def port_opens(self) -> None:
        """Return when the server listens again."""

    @abstractmethod
    async def customer(self, *, exists: bool = True) -> Phone:
        """A new one, with a phone that is on and read."""

    @abstractmethod
    async def hidden_customer(self, username: str | None = None) -> Phone:
        """A new one who shows no number: WhatsApp tells the account id neither with it nor to who asks."""

    @abstractmethod
    async def lid_of(self, phone: Phone) -> str:
        """Return the account id that WhatsApp has for this number at present."""

    @abstractmethod
    async def tells_lid(self, phone: Phone) -> None:
        """From now on WhatsApp tells the account id to who asks for the number."""

    @abstractmethod
    async def reregister(self, phone: Phone) -> None:
        """The number belongs to another person from now on."""

    @abstractmethod
    async def old_number(self, phone: Phone) -> None:
        """That customer's account is under the number without the ninth digit."""

    @abstractmethod
    async def shown_to(self, phone: Phone) -> Sequence[tuple[MessageId, str, int]]:
        """What that customer's phone shows: id, text, and in how many bubbles."""

    @abstractmethod
    async def refuses(self, phone: Phone, code: int) -> None:
        """The next text to that customer."""

    @abstractmethod
    async def loses_ack(self, phone: Phone) -> None:
        """The next text to that customer arrives without an answer to us."""

    @abstractmethod
    async def will_not_say(self, phone: Phone, code: int) -> None:
        """The next question about that number is refused."""

    @abstractmethod
    async def writes(self, phone: Phone, text: str) -> MessageId:
        """That customer, to the shop."""

    @abstractmethod
    async def garbles(self, phone: Phone) -> None:
        """The next text of that customer cannot be decrypted, and the phone sends it again until it can be."""

    @abstractmethod
    async def pushes_history(self, phone: Phone, seconds: int) -> None:
        """The shop's phone pushes its chats, one of them with this customer and disappearing after so long."""

    @abstractmethod
    async def switch_read_receipts(self, *, on: bool) -> None:
        """The privacy setting of the shop's account."""

    @abstractmethod
    async def customer_sees_read(self, message_id: MessageId) -> bool:
        """Wait until this customer's message is marked as read; return whether the customer sees it, too."""

    @abstractmethod
    async def sets_timer(self, phone: Phone, seconds: int, *, by_shop: bool = False) -> None:
        """That customer's phone, or the shop's, sets after how long the messages of their chat disappear."""

    @abstractmethod
    async def expiration_of(self, phone: Phone, message_id: MessageId) -> int:
        """Return after how long this message disappears from that customer's phone."""

    @abstractmethod
    def stalled(self) -> AbstractAsyncContextManager[None]:
        """In this block a text that is asked for does not come as far as its bytes."""

    @abstractmethod
    async def account_changes(self) -> None:
        """The shop's account has new data and another name, and its phone writes to a customer."""

    @abstractmethod
    async def times_available(self) -> int:
        """Return how often WhatsApp took the program for available, which silences the shop's phone."""

    @abstractmethod
    async def drop(self) -> None:
        """The line is cut."""

    @abstractmethod
    async def meets_impostor(self, cause: CloseCause) -> None:
        """The next connection meets a server with a foreign certificate chain, or with one that is over (`clock`)."""

    @abstractmethod
    async def kill(self) -> None:
        """The program that speaks to WhatsApp dies."""

    @abstractmethod
    def impatient(self) -> AbstractAsyncContextManager[None]:
        """In this block the time in which an answer must come runs out, and so does that of `stop`."""

"""The scripted messenger, asked what every messenger promises."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from app.domain.account import CouldNotAsk, WhatsAppAccount
from app.domain.attempt import Rejected, RejectionKind
from app.domain.close_policy import CloseCause
from app.domain.identifiers import MessageId
from app.domain.lid import Lid
from app.domain.phone import Phone, account_forms
from app.domain.receipt import Evidence
from app.domain.session import SessionData
from app.ports.chat_timers import ChatTimer
from app.ports.inbound import Inbound
from app.ports.messenger import LinkChanged, LinkState, SeenAccount
from tests.contracts.asked_messenger import AskedMessenger, jid_of, new_id, new_phone
from tests.contracts.heard_messenger import MAIN, RECORDED, Heard
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger

SHOP = Phone("+5573988112233")
KINDS = {
    463: RejectionKind.RESTRICTED,
    479: RejectionKind.STALE_SESSION,
    429: RejectionKind.RATE_LIMITED,
    400: RejectionKind.REFUSED,
}


class ScriptedTrial(AskedMessenger):
    def __init__(self, runner: asyncio.Runner) -> None:
        super().__init__(runner)
        self.clock = self._moved = MovedClock()
        self._refusing: asyncio.Task[None] | None = None
        self._resending: asyncio.Task[None] | None = None
        self._garbled: set[Phone] = set()
        self._usernames: dict[Phone, str | None] = {}
        self.heard = Heard(SessionData(MAIN, "{}", paired=True, phone=SHOP))
        self.messenger = self._scripted = ScriptedMessenger(
            self._moved, auto_receipts=(Evidence.DELIVERED, Evidence.READ)
        )

    async def customer(self, *, exists: bool = True) -> Phone:
        phone = new_phone()
        if not exists:
            self._scripted.answers[phone] = None
        return phone

    async def hidden_customer(self, username: str | None = None) -> Phone:
        phone = new_phone()
        self._usernames[phone] = username
        self._scripted.hidden.add(phone)
        return phone

    async def lid_of(self, phone: Phone) -> str:
        return self._scripted.lids.setdefault(phone, f"1{phone.number[1:]}@lid")

    async def tells_lid(self, phone: Phone) -> None:
        await self.lid_of(phone)
        self._scripted.hidden.discard(phone)

    async def reregister(self, phone: Phone) -> None:
        self._scripted.lids[phone] = f"2{phone.number[1:]}@lid"

    async def old_number(self, phone: Phone) -> None:
        _, old = account_forms(phone)
        self._scripted.answers[phone] = WhatsAppAccount(jid_of(old))

    async def shown_to(self, phone: Phone) -> Sequence[tuple[MessageId, str, int]]:
        """As phones do: one bubble per id."""
        addresses = (jid_of(phone), self._scripted.lids.get(phone))
        texts = {send.message_id: send.text for send in self._scripted.arrived if send.jid in addresses}
        return [(message_id, text, 1) for message_id, text in texts.items()]

    async def refuses(self, phone: Phone, code: int) -> None:  # noqa: ARG002 - the next text is theirs
        self._scripted.outcomes.append(Rejected(KINDS[code], code))

    async def loses_ack(self, phone: Phone) -> None:  # noqa: ARG002 - the next text is theirs
        self._scripted.lost_acks += 1

    async def will_not_say(self, phone: Phone, code: int) -> None:
        self._scripted.answers[phone] = CouldNotAsk({429: "rate_limited", 400: "refused"}[code])

    async def writes(self, phone: Phone, text: str) -> MessageId:
        written = Inbound(MAIN, new_id(), phone, "text", text, self.clock.now(), live=True)
        if phone in self._usernames:
            lid, username = await self.lid_of(phone), self._usernames[phone]
            written = replace(written, phone=None, lid=Lid(lid), jid=lid, username=username)
            if username:
                await self._scripted.see(SeenAccount(None, Lid(lid), username))
        if phone in self._garbled:
            self._garbled.discard(phone)
            self._resending = asyncio.get_running_loop().create_task(self._resend(written))
            written = replace(written, kind="unreadable", text=None)
        await self._scripted.deliver(MAIN, written)
        return written.message_id

    async def _resend(self, written: Inbound) -> None:
        await self.heard.until((written.message_id, RECORDED))
        await self._scripted.deliver(MAIN, written)

    async def refuses_login(self, code: int, expires_in: timedelta | None = None) -> None:
        refusal = LinkChanged(MAIN, LinkState.CLOSED, code, expires_in=expires_in)
        self._scripted.login_refusals.append(refusal)

    async def closes_port(self) -> None:
        self._scripted.reachable = False

    async def port_opens(self) -> None:
        self._scripted.reachable = True

    async def sets_timer(self, phone: Phone, seconds: int, *, by_shop: bool = False) -> None:  # noqa: ARG002
        hidden = phone in self._usernames
        lid = Lid(await self.lid_of(phone)) if hidden else None
        await self._scripted.deliver(
            MAIN, ChatTimer(None if hidden else phone, lid, seconds, self.clock.now())
        )

    async def expiration_of(self, phone: Phone, message_id: MessageId) -> int:  # noqa: ARG002 - ids are unique
        (sent,) = (send for send in self._scripted.arrived if send.message_id == message_id)
        return sent.expiration_s

    @asynccontextmanager
    async def stalled(self) -> AsyncIterator[None]:
        self._scripted.in_flight.may_leave.clear()
        async with asyncio.TaskGroup() as tasks:
            passing = tasks.create_task(self._pass_time())
            yield
            passing.cancel()
        self._scripted.in_flight.may_leave.set()

    async def account_changes(self) -> None:
        """Nothing of it reaches a listener."""

    async def garbles(self, phone: Phone) -> None:
        self._garbled.add(phone)

    async def pushes_history(self, phone: Phone, seconds: int) -> None:
        await self.sets_timer(phone, seconds)
        await self._scripted.read_history(MAIN)

    async def switch_read_receipts(self, *, on: bool) -> None:
        self._scripted.shows_read = on

    async def customer_sees_read(self, message_id: MessageId) -> bool:
        (shown,) = [shown for _, marked, shown in self._scripted.read_marks if marked == message_id]
        return shown

    async def times_available(self) -> int:
        return 0

    async def drop(self) -> None:
        await self._scripted.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))

    async def meets_impostor(self, cause: CloseCause) -> None:
        self._scripted.opens = False
        refusing = self._refuse_next(cause, len(self._scripted.connects))
        self._refusing = asyncio.get_running_loop().create_task(refusing)

    async def kill(self) -> None:
        await self._scripted.die()

    @asynccontextmanager
    async def impatient(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            passing = tasks.create_task(self._pass_time())
            yield
            passing.cancel()

    async def _refuse_next(self, cause: CloseCause, connects_before: int) -> None:
        while len(self._scripted.connects) == connects_before:
            await let_tasks_run()
        for change in (
            LinkChanged(MAIN, LinkState.CONNECTING),
            LinkChanged(MAIN, LinkState.CLOSED, cause=cause),
        ):
            await self._scripted.emit(change)
        self._scripted.opens = True

    async def _pass_time(self) -> None:
        await let_tasks_run()
        await self._moved.advance(timedelta(seconds=30))

"""The real sidecar and the real Baileys with the simulated WhatsApp, asked what every messenger promises."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from unittest.mock import patch

import psutil

from app import paths
from app.adapters.system.clock import SystemClock
from app.adapters.whatsapp import messenger as adapter
from app.domain.close_policy import CloseCause
from app.domain.errors import CocoLokoError
from app.domain.identifiers import MessageId
from app.domain.phone import Phone
from app.ports.messenger import LinkState
from tests.contracts.asked_messenger import AskedMessenger, new_phone
from tests.contracts.heard_messenger import Heard
from tests.harness.sidecar_messenger import build_messenger
from tests.harness.waiting import wait_until
from tests.simulators.memory_store import MemoryStore
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp, simulated_whatsapp

LOG = logging.getLogger("tests.whatsapp")


class RealTrial(AskedMessenger):
    """Pairs by itself; one pair of processes for all tests of a module."""

    def __init__(self, runner: asyncio.Runner, whatsapp: SimulatedWhatsApp) -> None:
        super().__init__(runner)
        self._whatsapp = whatsapp
        self.clock = SystemClock()
        self.heard = Heard()
        self.messenger = build_messenger(MemoryStore(), self.clock, whatsapp.url, log=LOG)

    async def begin(self) -> None:
        await self.start()
        if not self.heard.session.paired:
            await self._pair()
        await super().begin()

    async def customer(self, *, exists: bool = True) -> Phone:
        phone = new_phone()
        if exists:
            await self._contact(phone)
        return phone

    async def hidden_customer(self, username: str | None = None) -> Phone:
        phone = new_phone()
        await self._contact(phone, hidden=True, username=username)
        return phone

    async def lid_of(self, phone: Phone) -> str:
        return await self._whatsapp.lid_of(phone.number)

    async def tells_lid(self, phone: Phone) -> None:
        await self._contact(phone, lid_told=True)

    async def reregister(self, phone: Phone) -> None:
        await self._whatsapp.reregister(phone.number)

    async def old_number(self, phone: Phone) -> None:
        await self._contact(phone, registered_as=f"{phone.number[:5]}{phone.number[6:]}")

    async def shown_to(self, phone: Phone) -> Sequence[tuple[MessageId, str, int]]:
        shown = await self._whatsapp.shown_to(phone.number)
        return [(MessageId(each["id"]), each["text"], each["shown"]) for each in shown]

    async def refuses(self, phone: Phone, code: int) -> None:
        await self._whatsapp.fault("nack", code=code, number=phone.number)

    async def loses_ack(self, phone: Phone) -> None:
        await self._whatsapp.fault("lose_ack", number=phone.number)

    async def will_not_say(self, phone: Phone, code: int) -> None:
        await self._whatsapp.fault("usync_error", code=code, number=phone.number)

    async def writes(self, phone: Phone, text: str) -> MessageId:
        answer = await self._whatsapp.admin.post("inbound", number=phone.number, text=text)
        return MessageId(answer["id"])

    async def garbles(self, phone: Phone) -> None:
        # A phone that answers at once is quicker than Baileys, which waits before it tells of the failure.
        await self._whatsapp.fault("garble_inbound", number=phone.number, times=3)

    async def pushes_history(self, phone: Phone, seconds: int) -> None:
        await self._whatsapp.keep_chat(phone.number, disappears_s=seconds)
        await self._whatsapp.push_history()

    async def switch_read_receipts(self, *, on: bool) -> None:
        await self._whatsapp.switch_read_receipts(on=on)

    async def customer_sees_read(self, message_id: MessageId) -> bool:
        async def types() -> list[str]:
            return [each["type"] for each in await self._whatsapp.read_marks() if each["id"] == message_id]

        await wait_until(types)
        return await types() == ["read"]

    async def refuses_login(self, code: int, expires_in: timedelta | None = None) -> None:
        expire = None if expires_in is None else expires_in // timedelta(seconds=1)
        await self._whatsapp.fault("login_failure", code=code, expire_s=expire)

    async def closes_port(self) -> None:
        await self._whatsapp.fault("close_port", ms=3000)
        await self.heard.until(LinkState.CLOSED)

    async def port_opens(self) -> None:
        await wait_until(self._answers)

    async def _answers(self) -> bool:
        try:
            await self._whatsapp.counters()
        except CocoLokoError:
            return False
        return True

    async def sets_timer(self, phone: Phone, seconds: int, *, by_shop: bool = False) -> None:
        await self._whatsapp.set_timer(phone.number, seconds, by_shop=by_shop)

    async def expiration_of(self, phone: Phone, message_id: MessageId) -> int:
        while True:
            for each in await self._whatsapp.shown_to(phone.number):
                if each["id"] == message_id:
                    return int(each["expiration"])

    @asynccontextmanager
    async def stalled(self) -> AsyncIterator[None]:
        await self._whatsapp.fault("usync_error", code=0)
        yield

    async def account_changes(self) -> None:
        phone = await self.customer()
        await self._whatsapp.report_changes()
        await self._whatsapp.rename(f"Coco Loko {phone.number}")
        await self._whatsapp.write_elsewhere(phone.number, "já vai")

    async def times_available(self) -> int:
        presence = await self._whatsapp.presence()
        return sum(each["available_count"] for each in presence["devices"])

    async def drop(self) -> None:
        await self._whatsapp.fault("drop")

    async def meets_impostor(self, cause: CloseCause) -> None:
        await self._whatsapp.fault("expired_chain" if cause is CloseCause.CLOCK else "foreign_root")

    async def kill(self) -> None:
        (sidecar,) = (
            child for child in psutil.Process().children() if str(paths.sidecar_bundle()) in child.cmdline()
        )
        sidecar.kill()

    @asynccontextmanager
    async def impatient(self) -> AsyncIterator[None]:
        soon = timedelta(milliseconds=300)
        with patch.object(adapter, "ACK_TIMEOUT", soon), patch.object(adapter, "LAST_SEND", soon):
            yield

    async def _pair(self) -> None:
        """By QR code, as far as the close that ends every pairing."""
        self.heard.forget()
        await self.messenger.connect(self.heard.session)
        qr = await self.heard.qr_code()
        await self._whatsapp.admin.post("scan", number=SHOP, qr=qr.text)
        await self.heard.until(LinkState.CLOSED)

    async def _contact(self, phone: Phone, **fields: object) -> None:
        await self._whatsapp.admin.post("contacts", contacts=[{"number": phone.number, **fields}])


@contextmanager
def real_trial() -> Iterator[RealTrial]:
    with asyncio.Runner() as runner:
        world = AsyncExitStack()
        whatsapp = runner.run(world.enter_async_context(simulated_whatsapp()))
        trial = RealTrial(runner, whatsapp)
        try:
            yield trial
        finally:
            runner.run(trial.stop())
            runner.run(world.aclose())

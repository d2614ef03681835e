"""Harness of the fault trials: a shop in memory over the real sidecar, and the words that its person reads."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

from app.adapters.system.clock import SystemClock
from app.adapters.whatsapp.node_command import NodeCommand
from app.domain.customer_reply import CustomerReply
from app.domain.errors import NotAllowedNowError
from app.domain.events import ConnectionChanged, Event, ProblemReported, ReplyArrived
from app.domain.identifiers import OrderId, SessionId, notification_id
from app.domain.liveness import LivenessPolicy
from app.domain.notification import Notification, State
from app.domain.offline_queue import OfflineQueuePolicy
from app.domain.order import NotificationType, Order
from app.domain.phone import Phone
from app.domain.queue_policy import QueuePolicy
from app.domain.recycling import RecyclingPolicy
from app.domain.retry_policy import RetryPolicy
from app.domain.session import ConnectionState, ConnectionStatus
from app.domain.settings import Browser
from app.ports.store import Rows
from app.services.clock.stepped_clock import SteppedClock
from app.services.runtime.core import Core
from app.services.runtime.wiring import build_core
from app.services.text.message_catalog import MessageCatalog
from tests.faults.impatient_clock import ImpatientClock
from tests.harness.oversized_session import stuffed
from tests.harness.ports import build_ports, fixed
from tests.harness.shop import shop_choices
from tests.harness.sidecar_messenger import build_messenger
from tests.harness.waiting import wait_until
from tests.simulators.memory_store import MemoryStore
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp

SECOND = timedelta(seconds=1)
PATIENCE = 15.0
MAIN = SessionId("main")
LOG = logging.getLogger("tests.faults")
SENTENCES = MessageCatalog(Path("resources/i18n/sentences.pt-BR.json").read_text(encoding="utf-8"))
HURRIED = LivenessPolicy(
    probe_every=SECOND / 2,
    probe_timeout=SECOND / 2,
    short_probe_timeout=SECOND / 2,
    check_every=SECOND / 10,
    alive_for=1.5 * SECOND,
    dead_after=2 * SECOND,
)
QUICK_RETRIES = QueuePolicy(time_to_live=timedelta(days=9), retry=RetryPolicy(base=SECOND / 10))
_UNSETTLED = (State.PENDING, State.SENDING, State.IN_DOUBT)
_numbers = count(1)


@dataclass
class FaultShopHarness:
    core: Core
    whatsapp: SimulatedWhatsApp
    clock: ImpatientClock
    store: MemoryStore
    sentences: MessageCatalog
    events: list[Event] = field(default_factory=list)

    @property
    def status(self) -> ConnectionStatus:
        return self.core.connection.get_connection_status()

    async def until(self, true: Callable[[], object]) -> None:
        await wait_until(true, PATIENCE)

    async def until_open(self) -> None:
        await self.until(lambda: self.status.is_connected)

    async def until_reason(self, reason: str) -> None:
        await self.until(lambda: self.status.reason == reason)

    def lamps(self) -> list[ConnectionState]:
        """Every lamp that was told, each once in a row; from here on a new list."""
        told = [event.status.state for event in self.events if isinstance(event, ConnectionChanged)]
        self.events.clear()
        return [one for at, one in enumerate(told) if at == 0 or one is not told[at - 1]]

    def heard(self, phone: Phone) -> list[CustomerReply]:
        """Return this customer's replies, as the program stored them."""
        arrived = [event.reply for event in self.events if isinstance(event, ReplyArrived)]
        return [reply for reply in arrived if reply.phone == phone]

    def texts(self) -> list[str | None]:
        """Return the texts of all replies since the events were last cleared, of hidden customers too."""
        return [event.reply.text for event in self.events if isinstance(event, ReplyArrived)]

    async def counted(self, name: str) -> int:
        return (await self.whatsapp.counters())[name]

    async def qr_code(self) -> str:
        """Begin a new pairing; return the QR code on the screen."""
        await self.core.connection.pair()
        return await self.shown_code()

    async def shown_code(self, other_than: str = "") -> str:
        await self.until(lambda: self.status.qr_code and self.status.qr_code.text != other_than)
        assert self.status.qr_code
        return self.status.qr_code.text

    async def typed_code(self) -> str:
        """Begin a new pairing; return the eight characters on the screen."""
        await self.core.connection.pair_by_code(Phone(SHOP))
        assert self.status.pairing_code
        return self.status.pairing_code.text

    async def pair(self) -> None:
        """Scan the shown QR code with the shop's phone."""
        assert await links(self.whatsapp.admin.post("scan", number=SHOP, qr=await self.qr_code()))
        await self.until_open()

    async def unlink(self) -> None:
        """As before the first pairing."""
        await self.core.connection.logout()
        await self.until(lambda: self.status.state is ConnectionState.UNPAIRED)
        self.events.clear()

    async def customer(self, **fields: object) -> Phone:
        """Add a stranger: a customer with WhatsApp and no message so far."""
        phone = stranger()
        await self.whatsapp.admin.post("contacts", contacts=[{"number": phone.number, **fields}])
        return phone

    async def known_customer(self) -> Phone:
        """Add a customer who wrote first."""
        phone = await self.customer()
        await self.whatsapp.write(phone.number, text="Oi, quero acompanhar o pedido")
        await self.until(lambda: self.heard(phone))
        return phone

    async def tell(self, phone: Phone) -> Order:
        """Add a paid order, whose message is due."""
        number = next(_numbers)
        order = Order(
            id=OrderId(f"00000000-0000-0000-0000-{number:012d}"),
            number=number,
            customer_name="Ana Araújo",
            customer_phone=phone.number,
            status="paid",
            payment_status="confirmed",
            total=Decimal(30),
            created_at=self.core.clock.now(),
        )
        await self.core.watcher.store_and_notify(order)
        return order

    async def stuff_session(self, phone: Phone) -> None:
        """Fill the customer's Signal session on disk, so that it can be read once more and not be written again."""
        lid = (await self.whatsapp.lid_of(phone.number)).partition("@")[0]
        ids = (f"{lid}_1.0", f"{phone.number[1:]}.0")

        def work(rows: Rows) -> None:
            stored = rows.sessions.keys(MAIN, "session", ids)
            rows.sessions.save_keys(MAIN, {"session": {key: stuffed(text) for key, text in stored.items()}})

        await self.core.background.store.transact(work)

    async def message(self, order: Order) -> Notification:
        wanted = notification_id(order.id, NotificationType.PAYMENT_CONFIRMED, 1)
        found = await self.core.background.store.read(lambda rows: rows.notifications.get(wanted))
        assert found is not None
        return found

    async def unsettled(self) -> int:
        """Count the messages that may still go out: pending, being sent or in doubt."""
        counts = await self.core.background.store.read(lambda rows: rows.notifications.counts())
        return sum(each.get(state, 0) for each in counts.values() for state in _UNSETTLED)

    async def until_state(self, order: Order, *states: State) -> Notification:
        async def reached() -> bool:
            return (await self.message(order)).state in states

        await wait_until(reached)
        return await self.message(order)

    async def told(self, phone: Phone) -> Notification:
        """Add an order and wait until its customer has read the message."""
        return await self.until_state(await self.tell(phone), State.READ)

    async def shown(self, phone: Phone, device: int = 0) -> list[tuple[str, int]]:
        """The ids on the customer's phone, with how often each is shown."""
        return [(each["id"], each["shown"]) for each in await self.whatsapp.shown_to(phone.number, device)]

    async def expiration(self, phone: Phone, row: Notification) -> tuple[int, bool]:
        """Return after how long the text disappears, and whether the phone says that it will not."""
        (shown,) = (
            each for each in await self.whatsapp.shown_to(phone.number) if each["id"] == row.message_id
        )
        return shown["expiration"], shown["stays"]

    async def times_on_wire(self, row: Notification) -> int:
        record = await self.whatsapp.on_the_wire()
        return sum(each["times"] for each in record if each["id"] == row.message_id)

    async def until_all_is_taken(self) -> None:
        """Wait until WhatsApp's queue for this computer is empty."""

        async def taken() -> bool:
            return not any(each.get("online") and each["waiting"] for each in await self.whatsapp.devices())

        await wait_until(taken)

    def connection_says(self) -> str:
        return self.sentences.of_status(self.status)

    def message_says(self, row: Notification) -> str:
        state = self.sentences.of_state(row.state)
        return f"{state}: {self.sentences.of_reason(row.reason)}" if row.reason else state

    async def hold_says(self, row: Notification) -> str:
        hold = await self.core.rate_limiters.hold_of(row)
        assert hold, "nothing holds it"
        return f"{self.sentences.of_state(row.state)}: {self.sentences.of_hold(hold, 'HH:MM')}"

    async def until_trouble(self, code: str) -> str:
        """Return the sentence shown for this code."""
        await self.until(lambda: ProblemReported(code) in self.events)
        return str(self.sentences.of_code(code))


def stranger() -> Phone:
    return Phone(f"+55739{90000000 + next(_numbers)}")


async def links(asked: Awaitable[object]) -> bool:
    """Whether the shop's phone completes the link it was asked for."""
    try:
        await asked
    except NotAllowedNowError:
        return False
    return True


@asynccontextmanager
async def open_fault_shop(
    whatsapp: SimulatedWhatsApp,
    *,
    proof: LivenessPolicy = HURRIED,
    recycling: RecyclingPolicy | None = None,
    browser: Browser = "windows_chrome",
    log: logging.Logger = LOG,
    query_timeout: timedelta = 2 * SECOND,
    antivirus: NodeCommand | None = None,
    offline_queue: OfflineQueuePolicy = OfflineQueuePolicy(),  # noqa: B008 - a constant
) -> AsyncIterator[FaultShopHarness]:
    """Open a shop that is not paired yet; `antivirus` leads it to WhatsApp's own name, the system's roots allowed."""
    clock, store = ImpatientClock(), MemoryStore()
    messenger = build_messenger(
        store,
        SystemClock(),
        None if antivirus else whatsapp.url,
        log=log,
        connection_timeout=query_timeout,
        browser=browser,
        **({"command": antivirus, "system_certificates": True} if antivirus else {}),
    )
    ports = build_ports(store, messenger, SteppedClock(clock))
    choices = shop_choices(
        liveness=proof,
        recycling=recycling or RecyclingPolicy(),
        queue=QUICK_RETRIES,
        offline_queue=offline_queue,
    )
    shop = FaultShopHarness(build_core(ports, fixed(choices)), whatsapp, clock, store, SENTENCES)
    shop.core.bus.subscribe(Event, shop.events.append)
    async with shop.core:
        yield shop

"""The acts of a shop whose cost must not follow its history, each to be run as often as is wished."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from app.adapters.phone_numbers.typed_numbers import TypedNumbers
from app.adapters.sqlite import DatabaseKind, SqliteStore, open_database
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.domain.attempt import Accepted
from app.domain.identifiers import MessageId, OrderId, SessionId
from app.domain.lease import Lease
from app.domain.order import Order, OrderItem
from app.domain.phone import Phone
from app.domain.queue_policy import LEASE_LENGTH, QueuePolicy
from app.domain.rate_limit import NO_RATE_LIMIT, Eligibility
from app.domain.receipt import Evidence, Receipt
from app.ports.inbound import Inbound
from app.ports.store import Rows
from app.services.clock.stepped_clock import SteppedClock
from app.services.notifications.attempt_recorder import (
    AttemptRecorder,
    ClaimRequest,
    ClaimResult,
    FinishedAttempt,
)
from app.services.notifications.receipts import ReceiptRecorder
from app.services.runtime.core import Core
from app.services.runtime.wiring import build_core
from tests.benchmarks.growth_history import ORDERS_A_DAY
from tests.harness.opened_store import opened_training
from tests.harness.ports import build_ports, fixed
from tests.harness.shop import MAIN, shop_choices
from tests.simulators.scripted_messenger import ScriptedMessenger

_OWNER = "1/now/boot"
_LONGEST_RETENTION = timedelta(days=3000)
_SHOWN = 25

Act = Callable[[], Awaitable[object]]


@dataclass
class GrowingShop:
    """A shop without a connection, whose acts are begun by hand."""

    folder: Path
    clock: SteppedClock
    store: SqliteStore
    core: Core
    orders: list[OrderId] = field(default_factory=list)
    sent: list[MessageId] = field(default_factory=list)
    drawn: int = 0
    recorder: AttemptRecorder = field(default_factory=lambda: AttemptRecorder(_OWNER, QueuePolicy, MAIN))

    @property
    def database(self) -> Path:
        return self.folder / "coco.db"

    async def go_on(self) -> None:
        """Number orders from where the shop that was open before this one stopped."""
        if latest := await self.core.board.latest(1):
            self.drawn = latest[0].number

    async def fill_today(self) -> None:
        """A day's orders, each with its first message told."""
        for _ in range(ORDERS_A_DAY):
            await self.order()
            await self.claim_and_settle()

    def acts(self) -> dict[str, Act]:
        """Acts that are run again and again in one open database."""
        board, queue, today = self.core.board, self.core.queue, self.clock.now() - timedelta(hours=20)
        return {
            "order_and_enqueue": self.order,
            "claim_and_settle": self.claim_and_settle,
            "turn_with_nothing_to_do": self.core.background.workers.turn,
            "next_due": lambda: self.store.read(
                lambda rows: rows.notifications.next_due_at(MAIN, self.clock.now())
            ),
            "receipt": self.receipt,
            "customers_text": self.customers_text,
            "queue_stats": queue.get_queue_stats,
            "delivered_today": lambda: board.delivered_since(today),
            "list_today": lambda: board.outlines(today),
            "list_all_first_page": lambda: board.outlines(None),
            "rows_on_the_screen": lambda: board.rows(self.orders[-_SHOWN:]),
            "detail_of_an_order": lambda: board.detail(self.orders[-1]),
            "rate_limits_resumed": self.core.rate_limiters.resume,
            "orphans_rescued": self.core.background.rescuer.rescue,
            "retry_of_all_failed": queue.retry_failed_notifications,
            "pruning_of_nothing": self.prune_nothing,
        }

    async def order(self) -> None:
        self.drawn += 1
        phone = Phone(f"+557398{self.drawn % 10_000_000:07d}")
        made = Order(
            OrderId(str(UUID(int=self.drawn + (1 << 90)))),
            self.drawn,
            "João Silva Pereira",
            phone.number,
            "paid",
            "confirmed",
            Decimal("45.50"),
            self.clock.now(),
            (OrderItem("Açaí 500 ml com granola e banana", 2, Decimal("22.75")),),
        )
        await self.core.watcher.store_and_notify(made)
        self.orders.append(made.id)

    async def claim_and_settle(self) -> None:
        at = self.clock.now()
        lease = Lease(_OWNER, at + LEASE_LENGTH)

        def begin(rows: Rows) -> ClaimResult:
            return self.recorder.claim(rows, ClaimRequest(1, Eligibility(MAIN), lease), at)

        (begun,) = (await self.store.transact(begin)).started
        ended = FinishedAttempt(begun.notification.id, Accepted(at), None)
        await self.store.transact(lambda rows: self.recorder.settle(rows, [ended], at))
        self.sent.append(begun.notification.message_id)

    async def receipt(self) -> None:
        receipts = ReceiptRecorder(self.store, self.core.bus, self.clock)
        await receipts.record([Receipt(self.sent.pop(), Evidence.DELIVERED, self.clock.now())])

    async def customers_text(self) -> None:
        self.drawn += 1
        text = ("text", "oi, cadê?", self.clock.now(), True)
        await self.core.inbox.record(
            Inbound(MAIN, MessageId(f"IN{self.drawn}"), Phone("+5573988887777"), *text)
        )

    async def prune_nothing(self) -> None:
        before, at = self.clock.now() - _LONGEST_RETENTION, self.clock.now()

        def work(rows: Rows) -> tuple[int, int]:
            return rows.retention.empty(before, at, 200), rows.retention.delete(before, at, 200)

        await self.store.transact(work)

    async def claim_with_strangers_held(self) -> None:
        """What a worker asks for at each turn while first contacts are not allowed."""
        await self.store.transact(self._lease(Eligibility(MAIN, cold=False)))

    async def claim_for_another_number(self) -> None:
        await self.store.transact(self._lease(Eligibility(SessionId("second"))))

    def _lease(self, eligible: Eligibility) -> Callable[[Rows], object]:
        at = self.clock.now()
        lease = Lease(_OWNER, at)
        return lambda rows: rows.notifications.find_due(lease, at, 1, eligible)


def open_growing_shop(folder: Path) -> GrowingShop:
    clock, entropy = SteppedClock(SystemClock()), SystemEntropy()
    store, vault = opened_training(folder, entropy, clock)
    ports = build_ports(
        store,
        ScriptedMessenger(clock),
        clock,
        vault=vault,
        entropy=entropy,
        phone_numbers=TypedNumbers(lambda: "73"),
        owner_alive=lambda _: True,
    )
    return GrowingShop(
        folder, clock, store, build_core(ports, fixed(shop_choices(queue=QueuePolicy(), pace=NO_RATE_LIMIT)))
    )


def open_database_once(database: Path) -> None:
    """What stands between the start of the program and its open shop."""
    open_database(database, DatabaseKind.TRAINING)

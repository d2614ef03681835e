"""However wrong the PC's clock is: nothing is lost, deleted or told twice, and nothing is stale that is not (Z3)."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.domain.identifiers import MessageId, OrderId
from app.domain.lease import LeaseOwner
from app.domain.notification import Notification, Suppression
from app.domain.order import Order
from app.domain.queue_policy import QueuePolicy
from app.domain.stage_policy import TIME_TO_LIVE
from app.ports.store import Rows
from tests.harness.examples import examples
from tests.harness.shop import TRUSTING, Shop, open_shop, shop_choices
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
RETENTION = 14 * DAY
WRITE_WITHIN = timedelta(seconds=30)
CHOICES = shop_choices(queue=QueuePolicy(), liveness=TRUSTING, retention=RETENTION)
small = st.timedeltas(timedelta(seconds=1), timedelta(hours=20))
large = st.timedeltas(2 * DAY, 7000 * DAY)
jumps = st.one_of(small, large, small.map(lambda by: -by), large.map(lambda by: -by))


@dataclass
class Typed:
    """`sure` unless it was typed while neither WhatsApp nor the uptime could ever tell how old it is."""

    order: Order
    at: datetime
    boot: int
    sure: bool = True


@dataclass
class Past:
    """What outlives the program."""

    clock: MovedClock = field(default_factory=MovedClock)
    store: MemoryStore = field(default_factory=MemoryStore)
    typed: list[Typed] = field(default_factory=list)
    told: list[MessageId] = field(default_factory=list)
    lives: int = 0
    boot: int = 0
    heard: bool = False
    """Whether WhatsApp was met since the boot."""


class WrongClock(RuleBasedStateMachine):
    """`clock.true_now` is what no program knows."""

    def __init__(self) -> None:
        super().__init__()
        self.runner, self.past = asyncio.Runner(), Past()
        self.parts: AsyncExitStack | None = None
        self.shop: Shop

    @initialize(online=st.booleans(), by=st.one_of(st.just(timedelta(0)), jumps))
    def first_start(self, online: bool, by: timedelta) -> None:  # noqa: FBT001 - drawn
        self.past.clock.set_wall(self.past.clock.now() + by)
        self._start(online=online)

    @rule()
    def type_order(self) -> None:
        number = len(self.past.typed) + 1
        order = self.shop.order(number, f"+55739999{number:05d}", status="ready")
        order = replace(order, created_at=self.shop.core.clock.now())
        self._run(self.shop.see(order))
        self.past.typed.append(Typed(order, self.past.clock.true_now(), self.past.boot))

    @rule(by=jumps)
    def set_clock(self, by: timedelta) -> None:
        self.past.clock.set_wall(self.past.clock.now() + by)

    @rule(length=st.timedeltas(timedelta(seconds=1), timedelta(hours=1)))
    def pass_time(self, length: timedelta) -> None:
        self._run(self.past.clock.advance(length))

    @rule(length=st.timedeltas(MINUTE, 6 * DAY))
    def sleep(self, length: timedelta) -> None:
        self.past.clock.let_sleep(length)
        self._run(self.past.clock.advance(MINUTE))

    @rule()
    def prune(self) -> None:
        self._run(self.shop.core.background.pruner.prune())

    @rule()
    def go_online(self) -> None:
        self.shop.messenger.opens = True
        self._run(self.shop.core.connection.reconnect())
        self._run(self.past.clock.advance(timedelta(seconds=10)))
        self.past.heard = True
        self._note_sent()

    @rule(
        online=st.booleans(),
        reboot=st.booleans(),
        off=st.timedeltas(timedelta(0), 30 * DAY),
        by=st.none() | jumps,
    )
    def restart(self, online: bool, reboot: bool, off: timedelta, by: timedelta | None) -> None:  # noqa: FBT001
        self._stop()
        self.past.clock.let_sleep(off)
        if by:
            self.past.clock.set_wall(self.past.clock.now() + by)
        if reboot:
            for typed in self.past.typed:
                typed.sure = typed.sure and (typed.boot != self.past.boot or self.past.heard)
            self.past.boot += 1
            self.past.heard = False
        self._start(online=online)

    @invariant()
    def nothing_is_told_twice_and_nothing_old_is_told(self) -> None:
        if self.parts is None:
            return
        self._note_sent()
        assert len(self.past.told) == len(set(self.past.told))

    @invariant()
    def nothing_is_deleted_or_stale_that_is_not(self) -> None:
        for typed in self.past.typed:
            age = self.past.clock.true_now() - typed.at
            order, rows = self._kept(typed.order.id)
            if age < 365 * DAY:
                assert order, "an order was deleted"
                assert len(rows) == 3, "a row of the queue was deleted"
            if age < RETENTION:
                assert order is not None
                assert order.customer_name, "an order was emptied"
            ready = [row for row in rows if row.reason == Suppression.STALE]
            assert not ready or age > TIME_TO_LIVE or not typed.sure, "it is no old news"

    def teardown(self) -> None:
        if self.parts:
            self._run(self.parts.aclose())
        self.runner.close()

    def _start(self, *, online: bool) -> None:
        past = self.past
        past.lives += 1
        past.heard = past.heard or online
        self.parts = AsyncExitStack()
        shop = open_shop(
            store=past.store,
            clock=past.clock,
            choices=CHOICES,
            seed=past.lives,
            owner=LeaseOwner(past.lives, "now", f"boot {past.boot}"),
            prepare=lambda messenger: setattr(messenger, "opens", online),
        )
        self.shop = self._run(self.parts.enter_async_context(shop))
        self._run(past.clock.advance(timedelta(seconds=10)))

    def _stop(self) -> None:
        self._note_sent()
        assert self.parts is not None
        self._run(self.parts.aclose())
        self.parts = None

    def _note_sent(self) -> None:
        sends = self.shop.messenger.arrived
        for send in sends:
            self.past.told.append(send.message_id)
            order_id = self._order_of(send.message_id)
            (typed,) = (each for each in self.past.typed if each.order.id == order_id)
            sent_ago = self.past.clock.steady() - (send.not_after - WRITE_WITHIN)
            age = self.past.clock.true_now() - sent_ago - typed.at
            assert age <= TIME_TO_LIVE + MINUTE or not typed.sure, "old news was told"
        sends.clear()

    def _kept(self, order_id: OrderId) -> tuple[Order | None, Sequence[Notification]]:
        def work(rows: Rows) -> tuple[Order | None, Sequence[Notification]]:
            return rows.orders.get(order_id), rows.notifications.of_order(order_id)

        kept: tuple[Order | None, Sequence[Notification]] = self._run(self.past.store.read(work))
        return kept

    def _order_of(self, message_id: MessageId) -> OrderId | None:
        row: Notification | None = self._run(
            self.past.store.read(lambda rows: rows.notifications.by_message_id(message_id))
        )
        return row.order_id if row else None

    def _run(self, work: Any) -> Any:
        return self.runner.run(work)


TestWrongClock = pytest.mark.timeout(180)(pytest.mark.requirement("Z3")(WrongClock.TestCase))
TestWrongClock.settings = settings(
    max_examples=examples(60), stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.requirement("Z3")
@pytest.mark.parametrize("off", [timedelta(0), 8 * DAY])
def test_order_is_no_old_news_after_a_reboot_with_a_clock_that_was_wrong(off: timedelta) -> None:
    story = WrongClock()
    story.first_start(online=True, by=timedelta(0))
    story.restart(by=132 * DAY, off=timedelta(0), online=False, reboot=False)
    story.type_order()
    story.restart(by=None, off=off, online=False, reboot=True)
    story.nothing_is_deleted_or_stale_that_is_not()
    story.restart(by=None, off=timedelta(seconds=1), online=True, reboot=True)
    story.restart(by=None, off=8 * DAY, online=False, reboot=False)
    story.nothing_is_deleted_or_stale_that_is_not()
    story.teardown()

"""Whole shop in memory: the real services over a store, a clock and a WhatsApp controlled by the test."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from app import paths
from app.domain.events import Event
from app.domain.identifiers import OrderId, SessionId, notification_id
from app.domain.lease import LeaseOwner
from app.domain.liveness import LivenessPolicy
from app.domain.notification import Notification
from app.domain.order import NotificationType, Order, OrderItem
from app.domain.phone import Phone
from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import NO_RATE_LIMIT, RateLimitPolicy
from app.domain.session import SessionData
from app.domain.template import MessageTemplate
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Store
from app.services.clock.stepped_clock import SteppedClock
from app.services.runtime.core import Core
from app.services.runtime.dependencies import ServiceConfig
from app.services.runtime.live_config import LiveConfig
from app.services.runtime.wiring import build_core
from tests.harness.ports import PlainNumbers, build_ports, fixed
from tests.simulators.memory_store import MemoryStore
from tests.simulators.memory_version import MemoryVersion
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger
from tests.simulators.seeded_entropy import SeededEntropy

MAIN = SessionId("main")
PAIRED = SessionData(MAIN, credentials="c", paired=True, phone=Phone("+5573988112233"))


def shipped_templates() -> tuple[MessageTemplate, ...]:
    shipped = json.loads(Path("resources/templates/pt-BR.json").read_text(encoding="utf-8"))
    return tuple(MessageTemplate(name, NotificationType(name), text) for name, text in shipped.items())


PATIENT = QueuePolicy(time_to_live=timedelta(days=9))
"""Policy for tests with long waits, in which messages would otherwise expire."""

_WEEK = timedelta(weeks=1)
# Asks WhatsApp for a sign of life so seldom that a simulated day is not spent with it.
TRUSTING = LivenessPolicy(probe_every=_WEEK, check_every=_WEEK, alive_for=2 * _WEEK, dead_after=3 * _WEEK)


def shop_choices(
    pace: RateLimitPolicy = NO_RATE_LIMIT, queue: QueuePolicy = PATIENT, **others: Any
) -> ServiceConfig:
    """Return the defaults of a test: no rate limit of our own, one number, expiry after days."""
    return ServiceConfig(
        MAIN,
        shipped_templates(),
        opt_out_texts(),
        invitation_words(),
        pickup_texts(),
        own_number_texts(),
        rate_limits=pace,
        queue=queue,
        **others,
    )


def opt_out_texts() -> dict[str, str]:
    shipped: dict[str, str] = json.loads(
        Path("resources/templates/opt_out.pt-BR.json").read_text(encoding="utf-8")
    )
    return shipped


def invitation_words() -> dict[str, str]:
    words: dict[str, str] = json.loads(paths.invitation_words().read_text(encoding="utf-8"))
    return words


def own_number_texts() -> dict[str, str]:
    texts: dict[str, str] = json.loads(paths.own_number_texts().read_text(encoding="utf-8"))
    return texts


def pickup_texts() -> dict[str, str]:
    texts: dict[str, str] = json.loads(paths.pickup_texts().read_text(encoding="utf-8"))
    return texts


@dataclass
class Shop:
    """Shop with a started `core`; `events` holds all events published since."""

    core: Core
    store: Store
    messenger: ScriptedMessenger
    clock: MovedClock
    events: list[Event]

    def order(self, number: int, phone: str = "+5573999548537", status: str = "paid") -> Order:
        return Order(
            id=OrderId(f"00000000-0000-0000-0000-{number:012d}"),
            number=number,
            customer_name="João Silva",
            customer_phone=phone,
            status=status,
            payment_status="confirmed",
            total=Decimal("1234.50"),
            created_at=self.clock.now(),
            items=(OrderItem("Açaí 500 ml", 2, Decimal("22.50")),),
        )

    async def see(self, order: Order) -> None:
        await self.core.watcher.store_and_notify(order)
        await let_tasks_run()

    async def message(
        self, order: Order, kind: NotificationType = NotificationType.PAYMENT_CONFIRMED
    ) -> Notification:
        wanted = notification_id(order.id, kind, 1)
        found = await self.store.read(lambda rows: rows.notifications.get(wanted))
        assert found is not None
        return found

    async def pass_time(self, **length: float) -> None:
        await self.clock.advance(timedelta(**length))


@asynccontextmanager
async def open_shop(
    *,
    paired: bool = True,
    store: Store | None = None,
    owner: LeaseOwner = LeaseOwner(1, "now", "boot"),  # noqa: B008 - a constant
    prepare: Callable[[ScriptedMessenger], None] = lambda _: None,
    messengers: Callable[[MovedClock], ScriptedMessenger] = ScriptedMessenger,
    undo_window: timedelta = timedelta(0),
    repeats_doubts: bool = True,
    choices: ServiceConfig | None = None,
    live: LiveConfig | None = None,
    clock: MovedClock | None = None,
    seed: int = 0,
    version: MemoryVersion | None = None,
    phone_numbers: PhoneNumbers | None = None,
) -> AsyncIterator[Shop]:
    """A shop that is open for business; `store`, `clock` and `version` may come from an earlier one that died.

    Chance must not come out the same again where a shop goes on: `seed` is each life's own.
    """
    clock, entropy, store = clock or MovedClock(), SeededEntropy(seed), await _prepared(store, paired=paired)
    prepare(messenger := messengers(clock))
    ports = build_ports(
        store,
        messenger,
        SteppedClock(clock),
        entropy=entropy,
        phone_numbers=phone_numbers or PlainNumbers(),
        owner=owner,
        owner_alive=lambda text: text == str(owner),
        version=version or MemoryVersion(),
    )
    chosen = choices or shop_choices(queue=QueuePolicy())
    chosen = replace(chosen, queue=replace(chosen.queue, repeats_doubts=repeats_doubts))
    config = live or fixed(replace(chosen, undo_window=undo_window))
    shop = Shop(build_core(ports, config), store, messenger, clock, [])
    shop.core.bus.subscribe(Event, shop.events.append)
    async with shop.core:
        await let_tasks_run()
        yield shop


async def _prepared(store: Store | None, *, paired: bool) -> Store:
    store = store or MemoryStore()
    if paired:
        await store.transact(lambda rows: rows.sessions.save(PAIRED))
    return store


def in_shop(story: Callable[[Shop], Awaitable[None]], **choices: Any) -> None:
    """Run one story in a fresh shop, opened with these choices of `open_shop`."""

    async def day() -> None:
        async with open_shop(**choices) as shop:
            await story(shop)

    asyncio.run(day())


def advanced(order: Order, status: str) -> Order:
    return replace(order, status=status)

"""Harness of the recorded shop: real services over the real store; each promise goes to one descriptor."""

import os
import random  # noqa: TID251 - what customers and cashiers want is chance, from a seed
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final

from app.adapters.sqlite import SqliteStore
from app.adapters.whatsapp import wire_messages as wire
from app.adapters.whatsapp.credential_store import CredentialStore
from app.domain.events import NotificationChanged, NotificationQueued
from app.domain.identifiers import MessageId
from app.domain.notification import State
from app.domain.order import Order
from app.domain.phone import Phone
from app.domain.receipt import Evidence, Receipt
from app.ports.inbound import Inbound
from tests.harness.power.promises import Kept, Promise, as_line
from tests.harness.shop import MAIN, Shop

STATUSES: Final = ("paid", "preparing", "ready")
STATES: Final = (State.SENT, State.DELIVERED, State.READ)
KEY_TYPE: Final = "pre-key"
KEYS_AT_ONCE: Final = 200


@dataclass
class RecordedShopHarness:
    """`name` keeps its keys apart from those of other days; `said` is the descriptor that its words go to."""

    shop: Shop
    store: SqliteStore
    chance: random.Random
    name: str
    credentials: int
    said: int
    orders: list[Order] = field(default_factory=list)
    batches: int = 0
    levels: int = 0

    def __post_init__(self) -> None:
        self.keys = CredentialStore(MAIN, self.store, self.shop.core.background.events.session_changed)
        self.shop.core.bus.subscribe(NotificationQueued, self._queued)
        self.shop.core.bus.subscribe(NotificationChanged, self._moved)

    async def work(self, acts: int) -> None:
        """Perform this many acts of customers, cashiers and WhatsApp, one after the other."""
        ways: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self._new_order, 6),
            (self._advance, 8),
            (self._receipt, 6),
            (self._custom, 2),
            (self._save_keys, 5),
            (self._save_credentials, 2),
            (self._opt_out, 1),
        ]
        drawn = self.chance.choices([way for way, _ in ways], [often for _, often in ways], k=acts)
        # The log has grown past the size at which SQLite checkpoints by itself before it is cut short.
        for act in (self._new_order, *drawn, self.store.shed_log, *drawn[:3]):
            await act()
            await self.shop.pass_time(seconds=1)

    def _tell(self, kept: Kept, name: str, level: int = 0, words: str = "") -> None:
        os.write(self.said, as_line(Promise(kept, name, level, words)))

    def _queued(self, event: NotificationQueued) -> None:
        row = event.notification
        self._tell(Kept.MESSAGE, str(row.id), words=row.message_id)

    def _moved(self, event: NotificationChanged) -> None:
        row = event.notification
        if row.state in STATES:
            self._tell(Kept.STATE, str(row.id), STATES.index(row.state))

    async def _new_order(self) -> None:
        desk = self.shop.core.orders
        typed = self.shop.order(len(self.orders) + 1, phone=f"+55739{self.chance.randrange(10**8):08d}")
        order = replace(typed, id=desk.new_id())
        await desk.add(order)
        self.orders.append(order)
        self._tell(Kept.ORDER, order.id)

    async def _advance(self) -> None:
        order = self.chance.choice(self.orders)
        further = STATUSES.index(order.status) + 1
        if further < len(STATUSES):
            moved = await self.shop.core.orders.advance(order.id, STATUSES[further])
            self.orders[self.orders.index(order)] = moved
            self._tell(Kept.ORDER, order.id, further)

    async def _receipt(self) -> None:
        if sends := self.shop.messenger.sends:
            evidence = self.chance.choice((Evidence.DELIVERED, Evidence.READ))
            message_id = self.chance.choice(sends).message_id
            await self.shop.messenger.emit(Receipt(message_id, evidence, self.shop.clock.now()))

    async def _custom(self) -> None:
        phone = self.chance.choice(self.orders).customer_phone
        await self.shop.core.messages.send_custom_message(phone, "Guardamos a sua sacola.")

    async def _save_keys(self) -> None:
        """New keys, or the same ones anew."""
        batch = self.chance.randrange(self.batches + 1)
        self.batches = max(self.batches, batch + 1)
        self.levels += 1
        name = f"{self.name}-{batch}"
        values: dict[str, str | None] = dict.fromkeys(keys_of(name), str(self.levels).zfill(300))
        await self.keys.save_keys(wire.KeysSetParams(changes={KEY_TYPE: values}))
        self._tell(Kept.KEYS, name, self.levels)

    async def _save_credentials(self) -> None:
        self.credentials += 1
        account = wire.Account(jid="5573988112233@s.whatsapp.net", lid=None)
        asked = wire.CredsSaveParams(credentials=str(self.credentials), account=account)
        await self.keys.save_credentials(asked)
        self._tell(Kept.CREDENTIALS, MAIN, self.credentials)

    async def _opt_out(self) -> None:
        phone = Phone(self.chance.choice(self.orders).customer_phone)
        word = MessageId(f"{self.name}-{self.chance.randbytes(6).hex()}")
        at = self.shop.clock.now()
        await self.shop.messenger.emit(Inbound(MAIN, word, phone, "text", "PARAR", at, live=True))
        self._tell(Kept.OPT_OUT, phone.number)


def keys_of(batch: str) -> list[str]:
    return [f"{batch}-{number}" for number in range(KEYS_AT_ONCE)]

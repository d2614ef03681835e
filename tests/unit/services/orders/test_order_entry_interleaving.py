"""The desk loses no change made by another task between its reading and its saving."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

import pytest

from app.domain.claim_text import claim_text
from app.domain.errors import OrderEndedError
from app.domain.identifiers import MessageId
from app.domain.order import STAGES
from app.domain.phone import Phone
from tests.harness.customer_words import ANA, RUI, say
from tests.harness.greeted_shop import order_now, to
from tests.harness.shop import Shop, in_shop
from tests.simulators.interleaving_store import InterleavingStore, in_interleaved_shop
from tests.simulators.moved_clock import let_tasks_run

NEW = Phone("+5573922222222")
READY = STAGES[2]


def _jid(phone: Phone) -> str:
    return f"{phone.number[1:]}@s.whatsapp.net"


@pytest.mark.requirement("A5")
def test_advance_is_refused_when_the_feed_cancelled_meanwhile() -> None:
    async def story(shop: Shop, store: InterleavingStore) -> None:
        await shop.see(order := shop.order(7))
        said = replace(order, customer_phone=NEW.number, status="cancelled")
        store.meanwhile = lambda: shop.core.watcher.store_and_notify(said)
        with pytest.raises(OrderEndedError):
            await shop.core.orders.advance(order.id, "ready")
        await shop.pass_time(seconds=20)
        assert await order_now(shop, order) == said
        assert to(shop) == [_jid(ANA)]

    in_interleaved_shop(story)


def test_advance_keeps_the_number_chosen_meanwhile_and_sends_there() -> None:
    async def story(shop: Shop, store: InterleavingStore) -> None:
        await shop.see(order := shop.order(7))
        await say(shop, claim_text(7), RUI, message_id="3A1")
        store.meanwhile = lambda: shop.core.claims.use_number(order.id, MessageId("3A1"))
        await shop.core.orders.advance(order.id, "ready")
        await let_tasks_run()
        kept = await order_now(shop, order)
        assert (kept.status, kept.customer_phone, kept.source_phone) == ("ready", RUI.number, ANA.number)
        assert (await shop.message(order, READY)).phone == RUI
        assert to(shop)[-1] == _jid(RUI)

    in_interleaved_shop(story)


@pytest.mark.parametrize("advance_first", [True, False])
def test_advance_and_a_chosen_number_at_once_lose_neither(*, advance_first: bool) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7))
        await say(shop, claim_text(7), RUI, message_id="3A1")
        acts: list[Awaitable[object]] = [
            shop.core.orders.advance(order.id, "ready"),
            shop.core.claims.use_number(order.id, MessageId("3A1")),
        ]
        await asyncio.gather(*(acts if advance_first else acts[::-1]))
        await let_tasks_run()
        kept = await order_now(shop, order)
        assert (kept.status, kept.customer_phone) == ("ready", RUI.number)

    in_shop(story)

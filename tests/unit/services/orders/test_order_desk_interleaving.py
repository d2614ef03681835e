"""What another hand does between a reading and the saving after it is not lost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.claim_text import claim_text
from app.domain.errors import OrderEndedError
from app.domain.identifiers import MessageId
from app.domain.notification import State
from app.domain.order import STAGES, Order
from app.domain.phone import Phone
from tests.simulators.customer_words import ANA, RUI, say
from tests.simulators.greeted_shop import order_now, to
from tests.simulators.interleaving_store import InterleavingStore
from tests.simulators.moved_clock import let_tasks_run
from tests.simulators.shop import Shop, in_shop

NEW = Phone("+5573922222222")
READY = STAGES[2]


def in_shop_with(story: Callable[[Shop, InterleavingStore], Awaitable[None]], **choices: Any) -> None:
    store = InterleavingStore()
    in_shop(lambda shop: story(shop, store), store=store, **choices)


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

    in_shop_with(story)


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

    in_shop_with(story)


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


@pytest.mark.requirement("C4")
def test_inbox_finds_the_order_that_arrived_while_the_text_was_taken_in() -> None:
    async def story(shop: Shop, store: InterleavingStore) -> None:
        order = shop.order(7)

        async def order_arrives() -> None:
            await shop.core.watcher.store_and_notify(order)

        store.meanwhile = order_arrives
        await say(shop, "posso pegar em 10 min?", ANA)
        assert len((await shop.core.inbox.exchange(order.id)).replies) == 1

    in_shop_with(story)


@pytest.mark.requirement("X1")
def test_opt_out_reaches_the_number_that_was_learnt_while_it_was_taken_in() -> None:
    async def story(shop: Shop, store: InterleavingStore) -> None:
        known = KnownNumber(RUI, WhatsAppAccount(_jid(RUI), "77@lid"), shop.clock.now())
        store.meanwhile = lambda: store.transact(lambda rows: rows.numbers.save(known))
        await say(shop, "PARAR", ANA, lid="77@lid")
        in_force = await store.read(lambda rows: [rows.opt_outs.in_force(each) for each in (ANA, RUI)])
        assert None not in in_force
        await shop.see(order := shop.order(7, phone=RUI.number))
        assert (await shop.message(order)).state is State.SUPPRESSED

    in_shop_with(story)


@pytest.mark.requirement("X1")
def test_return_reaches_the_number_that_was_learnt_while_it_was_taken_in() -> None:
    async def story(shop: Shop, store: InterleavingStore) -> None:
        await say(shop, "PARAR", RUI)
        await shop.pass_time(seconds=1)
        known = KnownNumber(RUI, WhatsAppAccount(_jid(RUI), "77@lid"), shop.clock.now())
        store.meanwhile = lambda: store.transact(lambda rows: rows.numbers.save(known))
        await say(shop, "VOLTAR", None, lid="77@lid")
        assert await store.read(lambda rows: rows.opt_outs.in_force(RUI)) is None
        order: Order = shop.order(7, phone=RUI.number)
        await shop.see(order)
        assert (await shop.message(order)).state is State.SENT

    in_shop_with(story)


@pytest.mark.requirement("P2")
def test_number_check_keeps_the_account_a_customer_proved_while_it_asked() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7, status="pending_payment"))
        find = shop.messenger.find_number

        async def slow(*asked: Any) -> Any:
            answer = await find(*asked)
            await say(shop, claim_text(7), ANA, jid=_jid(ANA), lid="77@lid")
            return answer and None

        shop.messenger.find_number = slow  # type: ignore[assignment,method-assign]
        assert await shop.core.messages.check_whatsapp_exists(ANA.number)
        known = await shop.store.read(lambda rows: rows.numbers.get(ANA))
        assert known is not None
        assert known.account == WhatsAppAccount(_jid(ANA), "77@lid")
        assert (await order_now(shop, order)).customer_phone == ANA.number

    in_shop(story)

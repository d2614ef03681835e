"""The inbox loses no change made by another task between its reading and its saving."""

import pytest

from app.domain.lid import Lid
from app.domain.notification import State
from app.domain.order import Order
from tests.harness.customer_words import ANA, RUI, say
from tests.harness.shop import Shop
from tests.simulators.interleaving_store import InterleavingStore, in_interleaved_shop


@pytest.mark.requirement("C4")
def test_inbox_finds_the_order_that_arrived_while_the_text_was_taken_in() -> None:
    async def story(shop: Shop, store: InterleavingStore) -> None:
        order = shop.order(7)

        async def order_arrives() -> None:
            await shop.core.watcher.store_and_notify(order)

        store.meanwhile = order_arrives
        await say(shop, "posso pegar em 10 min?", ANA)
        assert len((await shop.core.inbox.exchange(order.id)).replies) == 1

    in_interleaved_shop(story)


@pytest.mark.requirement("X1")
def test_opt_out_reaches_the_number_that_was_learnt_while_it_was_taken_in() -> None:
    async def story(shop: Shop, store: InterleavingStore) -> None:
        at = shop.clock.now()
        store.meanwhile = lambda: store.transact(lambda rows: rows.identities.connect(RUI, Lid("77@lid"), at))
        await say(shop, "PARAR", ANA, lid="77@lid")
        in_force = await store.read(lambda rows: [rows.opt_outs.in_force(each) for each in (ANA, RUI)])
        assert None not in in_force
        await shop.see(order := shop.order(7, phone=RUI.number))
        assert (await shop.message(order)).state is State.SUPPRESSED

    in_interleaved_shop(story)


@pytest.mark.requirement("X1")
def test_return_reaches_the_number_that_was_learnt_while_it_was_taken_in() -> None:
    async def story(shop: Shop, store: InterleavingStore) -> None:
        await say(shop, "PARAR", RUI)
        await shop.pass_time(seconds=1)
        at = shop.clock.now()
        store.meanwhile = lambda: store.transact(lambda rows: rows.identities.connect(RUI, Lid("77@lid"), at))
        await say(shop, "VOLTAR", None, lid="77@lid")
        assert await store.read(lambda rows: rows.opt_outs.in_force(RUI)) is None
        order: Order = shop.order(7, phone=RUI.number)
        await shop.see(order)
        assert (await shop.message(order)).state is State.SENT

    in_interleaved_shop(story)

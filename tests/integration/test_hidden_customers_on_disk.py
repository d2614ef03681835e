"""Customers with a hidden number, with the database on disk and the program ended between any two steps."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import permutations
from pathlib import Path

import pytest

from app.domain.claim_text import claim_text
from app.domain.lid import Address
from tests.harness.blocking_store import BlockingStore
from tests.harness.customer_words import ANA, ANA_BEFORE_2016, first_words, say
from tests.harness.greeted_shop import JID, consents, order_now, phoneless, to
from tests.harness.hidden_customers import FOUND, HIDDEN, UNASKED, see_account
from tests.harness.opened_store import open_training_store
from tests.harness.shop import PATIENT, Shop, advanced, open_shop, shop_choices
from tests.simulators.moved_clock import MovedClock
from tests.simulators.scripted_messenger import ScriptedMessenger

Step = Callable[[Shop], Awaitable[None]]


def run_in_lives(folder: Path, *steps: Step, restarts: bool = True, answered: bool = True) -> list[str]:
    """Run each step in a life of its own, or all in one; return the first word of every message, in order."""
    words: list[str] = []
    lives = [[step] for step in steps] if restarts else [list(steps)]

    def prepare(messenger: ScriptedMessenger) -> None:
        messenger.answers[ANA] = messenger.answers[ANA_BEFORE_2016] = FOUND if answered else UNASKED

    async def days() -> None:
        clock = MovedClock()
        for seed, life in enumerate(lives):
            store = BlockingStore(open_training_store(folder, clock=clock))
            choices = shop_choices(queue=PATIENT)
            async with open_shop(
                store=store, clock=clock, seed=seed, choices=choices, prepare=prepare
            ) as shop:
                for step in life:
                    await step(shop)
                    await shop.pass_time(minutes=3)
                words.extend(first_words(shop))
            await store.close()

    asyncio.run(days())
    return words


async def parar(shop: Shop) -> None:
    await say(shop, "PARAR", None, lid=HIDDEN.text, message_id="3A1")


async def mapping(shop: Shop) -> None:
    await see_account(shop)


async def order(shop: Shop) -> None:
    await shop.see(shop.order(1, phone=ANA_BEFORE_2016.number))


@pytest.mark.requirement("K1", "X1")
@pytest.mark.parametrize("restarts", [True, False])
@pytest.mark.parametrize("steps", [*permutations((parar, mapping)), (parar,)])
def test_nothing_is_told_after_a_hidden_customers_parar(
    tmp_path: Path, steps: tuple[Step, ...], *, restarts: bool
) -> None:
    assert run_in_lives(tmp_path, *steps, order, restarts=restarts) == ["Pronto"]


@pytest.mark.requirement("K1", "K2")
@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("restarts", [True, False])
def test_hidden_customers_claim_keeps_its_consent(tmp_path: Path, *, restarts: bool, answered: bool) -> None:
    async def arrive(shop: Shop) -> None:
        await shop.see(shop.order(7, status="pending_payment"))

    async def claim(shop: Shop) -> None:
        await say(shop, claim_text(7), None, lid=HIDDEN.text, jid=HIDDEN.text)

    async def check(shop: Shop) -> None:
        kept = await consents(shop, shop.order(7))
        assert [each.wording for each in kept] == [claim_text(7)]
        contact = await shop.store.read(lambda rows: rows.contacts.get(ANA))
        assert contact is not None
        assert contact.known

    run_in_lives(tmp_path, arrive, claim, mapping, check, restarts=restarts, answered=answered)


@pytest.mark.requirement("K1", "K3")
@pytest.mark.parametrize("restarts", [True, False])
def test_order_without_a_phone_is_told_to_the_lid_that_claimed_it(tmp_path: Path, *, restarts: bool) -> None:
    async def arrive(shop: Shop) -> None:
        await shop.see(phoneless(shop))

    async def claim(shop: Shop) -> None:
        await say(shop, claim_text(7), None, lid=HIDDEN.text, jid=HIDDEN.text)
        assert to(shop) == [HIDDEN.text]

    async def ready(shop: Shop) -> None:
        await shop.see(advanced(await order_now(shop, phoneless(shop)), "ready"))

    async def addressed(shop: Shop) -> None:
        addresses: list[Address] = await shop.store.read(
            lambda rows: [row.phone for row in rows.notifications.of_order(phoneless(shop).id)]
        )
        assert set(addresses) == {HIDDEN}

    assert run_in_lives(tmp_path, arrive, claim, ready, addressed, restarts=restarts) == ["Oi", "Oi"]


@pytest.mark.requirement("K1", "Q2")
@pytest.mark.parametrize("restarts", [True, False])
def test_messages_of_a_hidden_customer_keep_order_with_a_late_mapping(
    tmp_path: Path, *, restarts: bool
) -> None:
    """The older message waits under the LID, the younger under the number."""

    async def pause(shop: Shop) -> None:
        await shop.core.messages.queue.pause()

    async def older(shop: Shop) -> None:
        await shop.see(phoneless(shop))
        await say(shop, claim_text(7), None, lid=HIDDEN.text, jid=HIDDEN.text)

    async def resume(shop: Shop) -> None:
        await shop.core.messages.queue.resume()
        await shop.pass_time(minutes=1)
        assert to(shop) == [HIDDEN.text, JID]

    run_in_lives(tmp_path, pause, older, order, mapping, resume, restarts=restarts)

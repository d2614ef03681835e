"""Account lookup: each new order's account is asked for, in batches, one request at a time."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from app.domain.account import CouldNotAsk, KnownNumber, NumberAnswer, WhatsAppAccount
from app.domain.errors import DiskFullError, NotConnectedError
from app.domain.lid import Lid
from app.domain.order import Order
from app.domain.phone import Phone
from app.ports.messenger import MOST_CUSTOMERS_ASKED, LinkChanged, LinkState
from tests.harness.customer_words import ANA, ANA_BEFORE_2016
from tests.harness.greeted_shop import JID
from tests.harness.shop import MAIN, Shop, in_shop, open_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger

pytestmark = pytest.mark.requirement("K2")

LID = Lid("4711@lid")
FOUND = WhatsAppAccount(JID, LID.text)


def pending(shop: Shop, number: int, phone: str = ANA.number) -> Order:
    """Return an order whose customer is told nothing yet."""
    return shop.order(number, phone=phone, status="pending_payment")


def number(count: int) -> Phone:
    return Phone(f"+551133{count:06d}")


def unopened(messenger: ScriptedMessenger) -> None:
    messenger.opens = False


async def open_link(shop: Shop) -> None:
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
    await let_tasks_run()


async def lid_of(shop: Shop, phone: Phone = ANA) -> Lid | None:
    return await shop.store.read(lambda rows: rows.identities.lid_of(phone))


def test_lookup_asks_for_the_account_when_the_order_arrives() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = FOUND
        await shop.see(pending(shop, 1))
        assert shop.messenger.asked_numbers == [(ANA, ANA_BEFORE_2016)]
        assert shop.messenger.sends == []
        assert await lid_of(shop) == LID
        assert await lid_of(shop, ANA_BEFORE_2016) == LID

    in_shop(story)


def test_lookup_asks_once_for_several_orders_of_one_number() -> None:
    async def story(shop: Shop) -> None:
        for each in range(3):
            await shop.see(pending(shop, each))
            await shop.pass_time(minutes=1)
        assert shop.messenger.requests_for_numbers == 1

    in_shop(story)


def test_lookup_asks_for_twenty_at_once_and_pauses_between_two_requests() -> None:
    async def story(shop: Shop) -> None:
        for each in range(MOST_CUSTOMERS_ASKED + 5):
            await shop.see(pending(shop, each, number(each).number))
        assert shop.messenger.requests_for_numbers == 0
        await open_link(shop)
        assert (shop.messenger.requests_for_numbers, len(shop.messenger.asked_numbers)) == (1, 20)
        await shop.pass_time(seconds=1.9)
        assert shop.messenger.requests_for_numbers == 1
        await shop.pass_time(seconds=0.2)
        assert (shop.messenger.requests_for_numbers, len(shop.messenger.asked_numbers)) == (2, 25)

    in_shop(story, prepare=unopened)


def test_lookup_has_one_request_at_a_time_under_way() -> None:
    async def story(shop: Shop) -> None:
        answered, under_way = asyncio.Event(), list[int]()
        find = shop.messenger.find_numbers

        async def slow(*asked: Any) -> Any:
            under_way.append(1)
            await answered.wait()
            under_way.pop()
            return await find(*asked)

        shop.messenger.find_numbers = slow  # type: ignore[method-assign,assignment]
        for each in range(3):
            await shop.see(pending(shop, each, number(each).number))
            await shop.pass_time(minutes=1)
        assert len(under_way) == 1
        answered.set()
        await shop.pass_time(minutes=1)
        assert shop.messenger.requests_for_numbers == 2
        assert len(shop.messenger.asked_numbers) == 3

    in_shop(story)


@pytest.mark.parametrize("kind", ["rate_limited", "timeout", "refused"])
def test_lookup_waits_two_minutes_when_whatsapp_does_not_answer(kind: str) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = CouldNotAsk(kind)
        await shop.see(pending(shop, 1))
        await shop.see(pending(shop, 2, number(2).number))
        await shop.pass_time(seconds=119)
        assert shop.messenger.requests_for_numbers == 1
        shop.messenger.answers[ANA] = FOUND
        await shop.pass_time(seconds=5)
        assert {forms[0] for forms in shop.messenger.asked_numbers} == {ANA, number(2)}
        assert await lid_of(shop) == LID

    in_shop(story)


@pytest.mark.parametrize("error", [NotConnectedError(), DiskFullError(), RuntimeError("defect")])
def test_lookup_goes_on_after_an_error(error: Exception) -> None:
    async def story(shop: Shop) -> None:
        find, failing = shop.messenger.find_numbers, [error]

        async def failing_once(*asked: Any) -> Sequence[NumberAnswer]:
            if failing:
                raise failing.pop()
            return await find(*asked)

        shop.messenger.find_numbers = failing_once  # type: ignore[method-assign,assignment]
        shop.messenger.answers[ANA] = FOUND
        await shop.see(pending(shop, 1))
        assert await lid_of(shop) is None
        await shop.pass_time(minutes=3)
        assert await lid_of(shop) == LID

    in_shop(story)


@pytest.mark.parametrize("status", ["cancelled", "completed"])
def test_lookup_does_not_ask_for_an_ended_order(status: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(1, status=status))
        await open_link(shop)
        await shop.pass_time(minutes=1)
        assert shop.messenger.requests_for_numbers == 0

    in_shop(story, prepare=unopened)


@pytest.mark.parametrize("phone", ["", "x"])
def test_lookup_does_not_ask_for_an_order_without_a_number(phone: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.see(pending(shop, 1, phone))
        assert shop.messenger.requests_for_numbers == 0

    in_shop(story)


@pytest.mark.parametrize(("account", "asked"), [(WhatsAppAccount(JID), 1), (FOUND, 0), (None, 0)])
def test_lookup_asks_for_a_cached_account_without_lid(account: WhatsAppAccount | None, asked: int) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = FOUND
        known = KnownNumber(ANA, account, shop.clock.now())
        await shop.store.transact(lambda rows: rows.numbers.save(known))
        await shop.see(pending(shop, 1))
        assert shop.messenger.requests_for_numbers == asked
        found = await shop.store.read(lambda rows: rows.numbers.get(ANA))
        assert found is not None
        assert found.account == (FOUND if asked else account)

    in_shop(story)


def test_lookup_asks_about_the_latest_orders_after_a_restart() -> None:
    async def day() -> None:
        store, clock = MemoryStore(), MovedClock()
        async with open_shop(store=store, clock=clock, prepare=unopened) as shop:
            await shop.see(pending(shop, 1))
            await shop.see(shop.order(2, phone=number(2).number, status="cancelled"))
            assert shop.messenger.requests_for_numbers == 0

        def answering(messenger: ScriptedMessenger) -> None:
            messenger.answers[ANA] = FOUND

        async with open_shop(store=store, clock=clock, prepare=answering, seed=1) as shop:
            await shop.pass_time(seconds=1)
            assert shop.messenger.asked_numbers == [(ANA, ANA_BEFORE_2016)]
            assert await lid_of(shop) == LID
        async with open_shop(store=store, clock=clock, seed=2) as shop:
            await shop.pass_time(minutes=1)
            assert shop.messenger.requests_for_numbers == 0

    asyncio.run(day())


def test_lookup_asks_again_after_a_day_for_an_account_without_lid() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(pending(shop, 1))
        await shop.see(pending(shop, 2))
        assert shop.messenger.requests_for_numbers == 1
        shop.clock.let_sleep(timedelta(days=1, seconds=1))
        await shop.see(pending(shop, 3))
        await shop.pass_time(seconds=5)
        assert shop.messenger.requests_for_numbers == 2

    in_shop(story)


def test_lookup_is_awaited_by_a_message_to_the_same_number() -> None:
    async def story(shop: Shop) -> None:
        answered, find = asyncio.Event(), shop.messenger.find_numbers
        shop.messenger.answers[ANA] = FOUND

        async def slow(*asked: Any) -> Any:
            answers = await find(*asked)
            await answered.wait()
            return answers

        shop.messenger.find_numbers = slow  # type: ignore[method-assign,assignment]
        await shop.see(pending(shop, 1))
        await shop.see(shop.order(1))
        assert shop.messenger.sends == []
        answered.set()
        await let_tasks_run()
        assert [send.jid for send in shop.messenger.sends] == [JID]
        assert shop.messenger.requests_for_numbers == 1

    in_shop(story)


def test_lookup_keeps_the_answers_beside_a_number_that_has_none() -> None:
    async def story(shop: Shop) -> None:
        bad = number(1)
        shop.messenger.answers = {bad: CouldNotAsk("refused"), ANA: FOUND}
        for each, phone in enumerate((bad, ANA, number(2))):
            await shop.see(pending(shop, each, phone.number))
        await open_link(shop)
        assert await lid_of(shop) == LID
        await shop.pass_time(seconds=5)
        assert [forms[0] for forms in shop.messenger.asked_numbers] == [bad, ANA, number(2), bad]
        await shop.see(pending(shop, 4, number(3).number))
        await shop.pass_time(minutes=2)
        assert number(3) in {forms[0] for forms in shop.messenger.asked_numbers}

    in_shop(story, prepare=unopened)


def test_lookup_asks_one_by_one_after_whatsapp_refused_a_whole_batch() -> None:
    async def story(shop: Shop) -> None:
        find = shop.messenger.find_numbers

        async def refusing(session_id: Any, customers: Any) -> Any:
            answers = await find(session_id, customers)
            bad = any(number(1) in forms for forms in customers)
            return [CouldNotAsk("refused")] * len(customers) if bad else answers

        shop.messenger.find_numbers = refusing  # type: ignore[method-assign]
        shop.messenger.answers[ANA] = FOUND
        for each, phone in enumerate((number(1), ANA)):
            await shop.see(pending(shop, each, phone.number))
        await open_link(shop)
        assert await lid_of(shop) is None
        await shop.pass_time(minutes=5)
        assert await lid_of(shop) == LID

    in_shop(story, prepare=unopened)

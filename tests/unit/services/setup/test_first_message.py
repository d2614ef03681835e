"""First message: to the shop's own number, once at a time, found again after a restart."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.contact import Contact
from app.domain.errors import NoNumberError
from app.domain.events import NotificationQueued
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.rate_limit import RateLimitPolicy
from app.domain.receipt import Evidence, Receipt
from app.domain.session import SessionData
from app.services.setup.first_message import SETTING
from tests.harness.shop import MAIN, PAIRED, Shop, in_shop, open_shop, shop_choices
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("T6")

AT = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = "Primeira mensagem do balcão."


async def _state(shop: Shop) -> State | None:
    await let_tasks_run()
    latest = await shop.core.setup.first_message.latest()
    return latest.state if latest else None


def test_first_message_goes_through_the_queue_to_the_own_number() -> None:
    async def story(shop: Shop) -> None:
        assert await _state(shop) is None
        queued = await shop.core.setup.first_message.send(TEXT)
        assert (queued.type, queued.order_id, queued.state) == (NotificationType.TEST, None, State.PENDING)
        assert [event.notification for event in shop.events if isinstance(event, NotificationQueued)] == [
            queued
        ]
        assert await _state(shop) is State.SENT
        (send,) = shop.messenger.sends
        assert PAIRED.phone is not None
        assert (send.session_id, send.text) == (MAIN, TEXT)
        assert PAIRED.phone.number[1:] in send.jid

    in_shop(story)


def test_copy_on_the_own_phone_proves_the_first_message_delivered() -> None:
    async def story(shop: Shop) -> None:
        queued = await shop.core.setup.first_message.send(TEXT)
        await let_tasks_run()
        for evidence, state in ((Evidence.SENDER, State.DELIVERED), (Evidence.READ, State.READ)):
            await shop.messenger.emit(Receipt(queued.message_id, evidence, shop.clock.now()))
            assert await _state(shop) is state

    in_shop(story)


def test_copy_on_the_own_phone_proves_no_delivery_to_a_customer() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        await shop.see(order)
        message = await shop.message(order)
        await shop.messenger.emit(Receipt(message.message_id, Evidence.SENDER, shop.clock.now()))
        assert (await shop.message(order)).state is State.SENT

    in_shop(story)


def test_first_message_is_not_doubled_while_one_is_under_way() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        first = await shop.core.setup.first_message.send(TEXT)
        await let_tasks_run()
        second = await shop.core.setup.first_message.send(TEXT)
        assert second.id == first.id
        shop.messenger.gate.set()
        assert await _state(shop) is State.SENT
        third = await shop.core.setup.first_message.send(TEXT)
        assert third.id != first.id
        await let_tasks_run()
        assert len(shop.messenger.sends) == 2

    in_shop(story)


def test_first_message_is_sent_anew_after_a_failure() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED))
        failed = await shop.core.setup.first_message.send(TEXT)
        assert await _state(shop) is State.FAILED
        again = await shop.core.setup.first_message.send(TEXT)
        assert again.id != failed.id
        assert await _state(shop) is State.SENT

    in_shop(story)


def test_first_message_is_refused_before_a_number_is_connected() -> None:
    async def story(shop: Shop) -> None:
        with pytest.raises(NoNumberError):
            await shop.core.setup.first_message.send(TEXT)
        assert await _state(shop) is None

    in_shop(story, paired=False)


def test_first_message_of_two_numbers_goes_from_a_number_to_itself() -> None:
    async def story() -> None:
        store, second = MemoryStore(), SessionId("second")
        other = SessionData(second, "d", paired=True, phone=Phone("+5573988110000"))
        await store.transact(lambda rows: rows.sessions.save(other))
        async with open_shop(store=store, choices=shop_choices(more_sessions=(second,))) as shop:
            for _ in range(3):
                await shop.core.setup.first_message.send(TEXT)
                await let_tasks_run()
            assert {send.session_id for send in shop.messenger.sends} == {MAIN}

    asyncio.run(story())


def test_first_message_of_a_customer_of_another_number_comes_from_its_own() -> None:
    async def story() -> None:
        store, second = MemoryStore(), SessionId("second")
        own = PAIRED.phone
        assert own is not None
        await store.transact(lambda rows: rows.contacts.save(own, Contact(second, first_sent_at=AT)))
        async with open_shop(store=store, choices=shop_choices(more_sessions=(second,))) as shop:
            await shop.core.setup.first_message.send(TEXT)
            await let_tasks_run()
            assert [send.session_id for send in shop.messenger.sends] == [MAIN]

    asyncio.run(story())


def test_first_message_is_no_first_contact() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.setup.first_message.send(TEXT)
        assert await _state(shop) is State.SENT
        assert shop.core.rate_limiters.status(MAIN).last_minute == 1
        assert shop.core.rate_limiters.status(MAIN).cold_today == 0

    in_shop(story, choices=shop_choices(pace=RateLimitPolicy()))


def test_first_message_is_found_again_after_a_restart() -> None:
    async def story() -> None:
        store = MemoryStore()
        async with open_shop(store=store) as shop:
            queued = await shop.core.setup.first_message.send(TEXT)
            await let_tasks_run()
        async with open_shop(store=store, seed=1) as shop:
            latest = await shop.core.setup.first_message.latest()
            assert latest is not None
            assert (latest.id, latest.state) == (queued.id, State.SENT)

    asyncio.run(story())


@pytest.mark.parametrize("damaged", ["{", '{"id": 7}', '{"id": "x"}', json.dumps({"id": "0" * 32})])
def test_damaged_id_of_the_first_message_counts_as_none(damaged: str) -> None:
    async def story(shop: Shop) -> None:
        await shop.store.transact(lambda rows: rows.settings.set(SETTING, damaged))
        assert await _state(shop) is None
        await shop.core.setup.first_message.send(TEXT)
        assert await _state(shop) is State.SENT

    in_shop(story)

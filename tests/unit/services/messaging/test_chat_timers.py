"""Chat timers: recorded for the account, in batches, and given to each text."""

import asyncio

from app.domain.identifiers import SessionId
from app.domain.lid import Lid
from app.ports.chat_timers import ChatTimer
from tests.contracts.asked_store import ANA, MAIN, NOW
from tests.harness.shop import open_shop

DAY = 86_400
LID = Lid("4711@lid")


def test_timer_is_of_the_account_where_its_number_has_moved_on() -> None:
    async def story() -> None:
        async with open_shop() as shop:
            await shop.store.transact(lambda rows: rows.identities.connect(ANA, Lid("815@lid"), NOW))
            await shop.messenger.emit(ChatTimer(ANA, LID, DAY, NOW))
            found = await shop.store.read(
                lambda rows: [rows.chat_timers.seconds_of(MAIN, each) for each in (LID, ANA)]
            )
            assert found == [DAY, 0]

    asyncio.run(story())


def test_timers_are_recorded_however_many_come_at_once() -> None:
    async def story() -> None:
        async with open_shop() as shop:
            timers = [ChatTimer(None, Lid(f"{1000 + each}@lid"), each, NOW) for each in range(1, 121)]
            await shop.messenger.listener.timers_seen(MAIN, [*timers, ChatTimer(None, None, 5, NOW)])
            found = await shop.store.read(
                lambda rows: [
                    rows.chat_timers.seconds_of(MAIN, Lid(f"{1000 + each}@lid")) for each in range(1, 121)
                ]
            )
            assert found == [*range(1, 121)]

    asyncio.run(story())


def test_text_carries_the_timer_of_its_own_session_and_chat() -> None:
    async def story() -> None:
        async with open_shop() as shop:
            timer = ChatTimer(ANA, None, DAY, NOW)
            await shop.messenger.listener.timers_seen(SessionId("second"), [timer])
            await shop.see(shop.order(1, ANA.number))
            await shop.pass_time(seconds=30)
            await shop.messenger.listener.timers_seen(MAIN, [timer])
            await shop.see(shop.order(2, ANA.number))
            await shop.pass_time(seconds=30)
            assert [each.expiration_s for each in shop.messenger.arrived] == [0, DAY]

    asyncio.run(story())

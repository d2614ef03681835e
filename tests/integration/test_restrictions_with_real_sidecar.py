"""What WhatsApp limits is learnt over the real sidecar, holds what is affected, and lets it go by itself."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.phone import Phone
from app.domain.rate_limit import HoldReason
from app.domain.restriction import NewChats
from tests.harness.real_shop import RealShopHarness, open_real_shop
from tests.harness.several_numbers import CUSTOMERS, MAIN, NUMBERS, SECOND, THIRD, Numbers, three_numbers
from tests.harness.waiting import wait_until
from tests.integration.test_several_numbers import each_heard_once_and_from_one, others_stayed_green
from tests.simulators.whatsapp_simulator import simulated_whatsapp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.requirement("X2")]
ANA, RUI = Phone("+5573999548537"), Phone("+5573988887777")


def holds(shop: RealShopHarness, session_id: SessionId = MAIN) -> list[HoldReason]:
    return [hold.reason for hold in shop.core.rate_limiters.status(session_id).holds]


async def until_held(shop: RealShopHarness, *reasons: HoldReason) -> None:
    async def so() -> bool:
        return holds(shop) == list(reasons)

    await wait_until(so)


def test_cap_that_began_and_ended_unheard_is_learnt_at_the_next_connection(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        people = ({"number": ANA.number}, {"number": RUI.number})
        async with simulated_whatsapp(*people) as whatsapp, open_real_shop(tmp_path, whatsapp) as shop:
            await shop.told(1, ANA)
            ends = shop.core.clock.now().replace(microsecond=0) + timedelta(days=3)
            cycle = {"total": 10, "ends_at": int(ends.timestamp())}
            await whatsapp.cap_new_chats("CAPPED", used=10, **cycle)
            await shop.core.connection.reconnect()
            await until_held(shop, HoldReason.NEW_CHAT_CAP)
            gauge = shop.core.rate_limiters.status(MAIN)
            assert gauge.new_chats is not None
            assert (gauge.new_chats.used, gauge.new_chats.total) == (10, 10)
            stranger = await shop.tell(2, RUI)
            await shop.told(3, ANA)
            assert (await shop.message(stranger)).state is State.PENDING
            await whatsapp.lock_out_strangers(active=True, notify=True)
            await until_held(shop, HoldReason.COLD_LOCK, HoldReason.NEW_CHAT_CAP)
            await whatsapp.lock_out_strangers(active=False, notify=True)
            await until_held(shop, HoldReason.NEW_CHAT_CAP)
            await whatsapp.cap_new_chats("NONE", used=2, **cycle)
            await shop.core.connection.reconnect()
            assert (await shop.until_state(stranger, State.READ)).attempts == 1
            counted = shop.core.rate_limiters.status(MAIN).new_chats
            assert isinstance(counted, NewChats)
            assert counted.used == 2

    asyncio.run(story())


async def lock(numbers: Numbers, *, active: bool) -> None:
    await numbers.whatsapp.admin.post("account/time-lock", active=active, notify=True, number=NUMBERS[SECOND])

    async def learnt() -> bool:
        return bool(holds(numbers.shop, SECOND)) is active

    await wait_until(learnt)


@pytest.mark.requirement("Q9")
def test_time_lock_of_one_number_holds_its_own_strangers_alone(tmp_path: Path) -> None:
    async def story() -> None:
        async with three_numbers(tmp_path, customers=CUSTOMERS) as numbers:
            await lock(numbers, active=True)
            orders = await numbers.rush()
            theirs = await numbers.senders(orders)
            await numbers.until_told([*theirs[MAIN], *theirs[THIRD]])
            assert others_stayed_green(numbers, SECOND)
            assert (holds(numbers.shop, MAIN), holds(numbers.shop, THIRD)) == ([], [])
            writer, *waiting = theirs[SECOND]
            assert [await numbers.bubbles(order) for order in waiting] == [[] for _ in waiting]
            await numbers.whatsapp.write(writer.customer_phone, text="Oi", to=NUMBERS[SECOND])
            await numbers.until_told([writer])
            for order in waiting:
                held = await numbers.shop.message(order)
                assert (held.state, held.attempts) == (State.PENDING, 0)
            await lock(numbers, active=False)
            await numbers.until_told(waiting)
            await each_heard_once_and_from_one(numbers, orders)

    asyncio.run(story())

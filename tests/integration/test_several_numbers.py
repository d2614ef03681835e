"""Three numbers over the real sidecar: a process each, and none is harmed by what befalls another."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.order import Order
from app.domain.phone import Phone
from app.domain.session import ConnectionState
from tests.harness.real_shop import in_database
from tests.harness.several_numbers import CUSTOMERS, MAIN, NUMBERS, SECOND, THIRD, Numbers, three_numbers
from tests.harness.sidecar_messenger import sidecars
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.requirement("Q9")]
_SLOW_MILLISECONDS = 250


async def one_is_told(numbers: Numbers, orders: Sequence[Order]) -> None:
    """The rush is in its middle."""

    async def told() -> bool:
        return [bool(await numbers.bubbles(order)) for order in orders].count(True) > 1

    await wait_until(told)


async def each_heard_once_and_from_one(numbers: Numbers, orders: Sequence[Order]) -> None:
    for order in orders:
        (bubble,) = await numbers.bubbles(order)
        assert bubble["shown"] == 1
        assert bubble["from"] == NUMBERS[(await numbers.shop.message(order)).session_id]


def others_stayed_green(numbers: Numbers, harmed: SessionId) -> bool:
    return {lamp for session_id, lamp in numbers.lamps if session_id != harmed} <= {ConnectionState.CONNECTED}


async def credentials(numbers: Numbers, session_id: SessionId) -> tuple[str, Phone | None]:
    kept = await numbers.shop.core.background.store.read(lambda rows: rows.sessions.get(session_id))
    assert kept
    return kept.credentials, kept.phone


@pytest.mark.requirement("S2")
def test_each_number_has_a_process_a_phone_and_keys_of_its_own(tmp_path: Path) -> None:
    async def story() -> None:
        async with three_numbers(tmp_path, customers=CUSTOMERS) as numbers:
            own = {numbers.process(each).pid for each in NUMBERS}
            assert own == {process.pid for process in sidecars()}
            assert len(own) == len(NUMBERS)
            orders = await numbers.rush()
            await numbers.until_told(orders)
            assert all((await numbers.senders(orders)).values())
            await each_heard_once_and_from_one(numbers, orders)
            kept = [await credentials(numbers, each) for each in NUMBERS]
            assert [phone for _, phone in kept] == [Phone(number) for number in NUMBERS.values()]
            assert len({secret for secret, _ in kept}) == len(NUMBERS)
        keys = in_database(tmp_path, "SELECT DISTINCT session_id FROM whatsapp_session_keys")
        assert {row[0] for row in keys} == set(NUMBERS)

    asyncio.run(story())


def test_number_killed_in_a_rush_is_back_and_the_others_never_noticed(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        async with three_numbers(tmp_path, customers=CUSTOMERS) as numbers:
            await numbers.whatsapp.options(ack_delay_ms=_SLOW_MILLISECONDS)
            orders = await numbers.rush()
            theirs = await numbers.senders(orders)
            await one_is_told(numbers, theirs[SECOND])
            killed = numbers.process(SECOND)
            killed.kill()
            await numbers.until_told(orders)
            assert others_stayed_green(numbers, SECOND)
            assert numbers.process(SECOND).pid != killed.pid
            assert await numbers.senders(orders) == theirs
            await each_heard_once_and_from_one(numbers, orders)

    asyncio.run(story())


async def ban(numbers: Numbers, session_id: SessionId) -> None:
    await numbers.whatsapp.fault("stream_error", code=403, number=NUMBERS[session_id])

    async def out() -> bool:
        return numbers.lamp(session_id) is ConnectionState.BLOCKED

    await wait_until(out)


def test_what_a_banned_number_owes_waits_for_it_where_nobody_may_take_over(tmp_path: Path) -> None:
    async def story() -> None:
        async with three_numbers(tmp_path, customers=CUSTOMERS) as numbers:
            await numbers.whatsapp.options(ack_delay_ms=_SLOW_MILLISECONDS)
            orders = await numbers.rush()
            theirs = await numbers.senders(orders)
            await one_is_told(numbers, theirs[THIRD])
            await ban(numbers, THIRD)
            await numbers.until_told([*theirs[MAIN], *theirs[SECOND]])
            assert others_stayed_green(numbers, THIRD)
            assert await numbers.senders(orders) == theirs
            await each_heard_once_and_from_one(numbers, [*theirs[MAIN], *theirs[SECOND]])
            waiting = [one for one in theirs[THIRD] if not await numbers.bubbles(one)]
            assert len(waiting) > 1
            told = [one for one in theirs[THIRD] if one not in waiting]
            await each_heard_once_and_from_one(numbers, told)
            for order in waiting:
                assert (await numbers.shop.message(order)).state in (State.PENDING, State.IN_DOUBT)

    asyncio.run(story())


def test_unsent_messages_of_a_banned_number_go_from_another_where_allowed(tmp_path: Path) -> None:
    async def story() -> None:
        async with three_numbers(tmp_path, customers=CUSTOMERS, take_over=True) as numbers:
            await numbers.whatsapp.options(ack_delay_ms=_SLOW_MILLISECONDS)
            orders = await numbers.rush()
            theirs = await numbers.senders(orders)
            await one_is_told(numbers, theirs[THIRD])
            await ban(numbers, THIRD)
            await numbers.until_told([*theirs[MAIN], *theirs[SECOND]])
            assert others_stayed_green(numbers, THIRD)
            kept = (await numbers.senders(orders))[THIRD]
            moved = [one for one in theirs[THIRD] if one not in kept]
            assert len(moved) > 1
            await numbers.until_told(moved)
            await each_heard_once_and_from_one(numbers, [one for one in orders if one not in kept])
            for order in kept:
                if not await numbers.bubbles(order):
                    # On its way when the ban came: it may have been said, and nobody else says it.
                    assert (await numbers.shop.message(order)).state in (State.PENDING, State.IN_DOUBT)
                else:
                    await each_heard_once_and_from_one(numbers, [order])

    asyncio.run(story())

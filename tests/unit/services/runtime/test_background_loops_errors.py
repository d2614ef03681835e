"""Background loops of a whole shop: each outlives a foreign error (Z2)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.events import ProblemReported
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.queue_policy import QueuePolicy
from app.domain.session import ConnectionState
from app.services.runtime.background_loops import BACKGROUND_FAILED, LoopState
from app.services.runtime.dependencies import ServiceConfig
from tests.contracts.asked_store import NOW, owed
from tests.harness.broken_loops import break_loop
from tests.harness.shop import TRUSTING, Shop, open_shop, shop_choices
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("Z2")

SECOND = SessionId("second")


def choices() -> ServiceConfig:
    """With everything that has a loop of its own."""
    return shop_choices(queue=QueuePolicy(), take_over=True, more_sessions=(SECOND,))


def loop_names() -> list[str]:
    async def names() -> list[str]:
        async with open_shop(choices=choices()) as shop:
            return [health.name for health in shop.core.background.health()]

    return asyncio.run(names())


LOOPS = loop_names()


def test_every_part_that_works_in_the_background_is_supervised() -> None:
    expected = {"pruner", "pace_news", "older_copy", "take_over"}
    for session_id in ("main", "second"):
        expected |= {f"{part}:{session_id}" for part in ("worker", "truth_lamp", "truth_lamp_look")}
    assert expected <= set(LOOPS)
    assert len(LOOPS) == len(set(LOOPS))


@pytest.mark.parametrize("name", LOOPS)
def test_shop_works_on_when_a_loop_fails_twice(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = break_loop(monkeypatch, name)

    async def story() -> None:
        async with open_shop(choices=choices()) as shop:
            await shop.pass_time(minutes=3)
            broken[0].fail()
            await shop.pass_time(minutes=2)
            await _works(shop)
            assert broken[0].runs >= 2 or name.startswith("worker:")
            health = {each.name: each for each in shop.core.background.health()}
            assert {each.state for each in health.values()} == {LoopState.RUNNING}
            assert health[name].failures == broken[0].runs - 1
            assert sum(each.failures for each in health.values()) == health[name].failures

    asyncio.run(story())


def test_pruner_goes_on_every_day_when_it_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = break_loop(monkeypatch, "pruner")

    async def story() -> None:
        async with open_shop(choices=shop_choices(liveness=TRUSTING)) as shop:
            await shop.pass_time(minutes=3)
            broken[0].fail()
            await shop.pass_time(minutes=2)
            old = replace(owed(), changed_at=shop.clock.now() - timedelta(days=90), state=State.CANCELLED)
            await shop.store.transact(lambda rows: rows.notifications.add(old))
            await shop.store.transact(
                lambda rows: rows.retention.date(old.changed_at or old.created_at, NOW, 9)
            )
            await shop.pass_time(days=1)
            kept = await shop.store.read(lambda rows: rows.notifications.get(old.id))
            assert kept
            assert kept.text == ""

    asyncio.run(story())


async def _works(shop: Shop) -> None:
    """The lamp is green, two orders are told, and what waits for a number that is out goes from another."""
    assert shop.core.connection.get_connection_status().state is ConnectionState.CONNECTED
    stranded = shop.order(9, phone="+5573999548599")
    await shop.core.queue.pause()
    await shop.see(stranded)
    row = await shop.message(stranded)
    await shop.store.transact(lambda rows: rows.notifications.save(replace(row, session_id=SECOND)))
    await shop.core.queue.resume()
    orders = [shop.order(number, phone=f"+557399954850{number}") for number in (1, 2)]
    for order in orders:
        await shop.see(order)
        await shop.pass_time(seconds=30)
    for order in (*orders, stranded):
        assert (await shop.message(order)).state is State.SENT
    assert shop.core.connection.get_connection_status().state is ConnectionState.CONNECTED


def test_an_outage_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = break_loop(monkeypatch, "pruner")

    async def story() -> None:
        async with open_shop(choices=choices()) as shop:
            for _ in range(2):
                for _ in range(3):
                    await shop.pass_time(seconds=5)
                    broken[0].fail()
                await shop.pass_time(minutes=3)
            told = [each.code for each in shop.events if isinstance(each, ProblemReported)]
            assert told == [BACKGROUND_FAILED] * 2

    asyncio.run(story())


@pytest.mark.requirement("Q4")
def test_worker_settles_what_is_on_its_way_when_it_had_to_be_restarted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The error that met its turn meets its pause as well, so that the loop itself ends."""
    broken = break_loop(monkeypatch, "worker:main")

    async def story() -> None:
        async with open_shop(choices=shop_choices(queue=QueuePolicy())) as shop:
            await shop.pass_time(minutes=1)
            shop.messenger.gate.clear()
            order = shop.order(1)
            await shop.see(order)
            assert (await shop.message(order)).state is State.SENDING
            for _ in range(2):
                broken[0].fail()
                await let_tasks_run()
            assert shop.core.background.health()[-1].state is LoopState.RESTARTING
            shop.messenger.gate.set()
            await shop.pass_time(seconds=5)
            assert broken[0].runs == 2
            assert (await shop.message(order)).state is State.SENT
            later = shop.order(2, phone="+5573999548538")
            await shop.see(later)
            await shop.pass_time(seconds=5)
            assert (await shop.message(later)).state is State.SENT
            assert len(shop.messenger.arrived) == 2

    asyncio.run(story())

"""Moved clock of the tests."""

import asyncio
from datetime import timedelta

from app.ports.clock import Clock
from app.ports.entropy import Entropy
from tests.simulators.moved_clock import MovedClock
from tests.simulators.seeded_entropy import SeededEntropy

SECOND = timedelta(seconds=1)


def test_sleepers_wake_in_order_each_at_its_own_moment() -> None:
    async def scene() -> list[tuple[str, timedelta]]:
        clock = MovedClock()
        start = clock.steady()
        woken: list[tuple[str, timedelta]] = []

        async def sleeper(name: str, length: timedelta) -> None:
            await clock.sleep(length)
            woken.append((name, clock.steady() - start))
            if name == "first":
                await clock.sleep(SECOND)
                woken.append(("first again", clock.steady() - start))

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(sleeper("last", 5 * SECOND))
            tasks.create_task(sleeper("first", SECOND))
            await clock.advance(4 * SECOND)
            assert clock.next_due == SECOND
            await clock.advance(SECOND)
        return woken

    assert asyncio.run(scene()) == [("first", SECOND), ("first again", 2 * SECOND), ("last", 5 * SECOND)]


def test_a_wait_ends_with_the_event_or_with_its_bound() -> None:
    async def scene() -> tuple[bool, bool]:
        clock = MovedClock()
        bell, silence = asyncio.Event(), asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            heard = tasks.create_task(clock.wait(bell, 10 * SECOND))
            missed = tasks.create_task(clock.wait(silence, 10 * SECOND))
            await clock.advance(SECOND)
            bell.set()
            await clock.advance(SECOND)
            assert heard.done()
            assert not missed.done()
            await clock.advance(8 * SECOND)
        return heard.result(), missed.result()

    assert asyncio.run(scene()) == (True, False)


def test_setting_the_wall_clock_leaves_the_steady_clock_alone() -> None:
    clock = MovedClock()
    steady, now = clock.steady(), clock.now()
    clock.set_wall(now - timedelta(days=1))
    assert clock.steady() == steady
    assert clock.now() == now - timedelta(days=1)


def test_the_simulators_keep_the_ports_contracts() -> None:
    def drawn(clock: Clock, entropy: Entropy) -> tuple[object, ...]:
        assert clock.now().tzinfo is not None
        return entropy.fraction(), entropy.uuid(), entropy.bytes(4)

    assert drawn(MovedClock(), SeededEntropy(3)) == drawn(MovedClock(), SeededEntropy(3))

"""System clock and entropy."""

import asyncio
from datetime import timedelta

import pytest

from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy

SHORT = timedelta(milliseconds=20)


def test_a_sleep_is_never_too_short_even_on_a_loop_whose_timers_fire_early(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    early = asyncio.sleep  # noqa: TID251 - put in the place of itself

    async def half(seconds: float) -> None:
        await early(seconds / 2)

    monkeypatch.setattr(asyncio, "sleep", half)
    clock = SystemClock()
    start = clock.steady()
    asyncio.run(clock.sleep(SHORT))
    assert clock.steady() - start >= SHORT


def test_a_wait_tells_whether_it_happened() -> None:
    async def story() -> tuple[bool, bool, bool]:
        clock, bell = SystemClock(), asyncio.Event()
        missed = await clock.wait(bell, SHORT)
        asyncio.get_running_loop().call_soon(bell.set)
        return missed, await clock.wait(bell, None), await clock.wait(bell, timedelta(0))

    assert asyncio.run(story()) == (False, True, True)


def test_moments_are_aware_and_chance_differs() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)
    entropy = SystemEntropy()
    assert 0 <= entropy.fraction() < 1
    assert entropy.uuid() != entropy.uuid()
    assert len(entropy.bytes(32)) == 32

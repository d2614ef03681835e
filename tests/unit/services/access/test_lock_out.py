"""Lock-out after wrong PINs, while the PC's clock is set, sleeps, and the program starts again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest

from app.domain.access import FREE_TRIES
from app.domain.errors import PinLockedOutError, WrongPinError
from tests.harness.access import AccessHarness, open_access
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("X5")

PIN, WRONG = "2468", "1111"
YEAR = timedelta(days=365)
Event = Callable[[AccessHarness], Awaitable[AccessHarness]]


def _clock(access: AccessHarness) -> MovedClock:
    assert isinstance(access.clock, MovedClock)
    return access.clock


def _set_clock(by: timedelta) -> Event:
    async def event(access: AccessHarness) -> AccessHarness:
        clock = _clock(access)
        clock.set_wall(clock.now() + by)
        return access

    return event


def _pass_seconds(seconds: int) -> Event:
    async def event(access: AccessHarness) -> AccessHarness:
        await _clock(access).advance(timedelta(seconds=seconds))
        return access

    return event


def _sleep_seconds(seconds: int) -> Event:
    async def event(access: AccessHarness) -> AccessHarness:
        _clock(access).let_sleep(timedelta(seconds=seconds))
        return access

    return event


async def _restart(access: AccessHarness) -> AccessHarness:
    return await access.restarted()


async def _try_again(access: AccessHarness) -> AccessHarness:
    """Another wrong PIN during the wait is not compared, and makes no longer wait."""
    with pytest.raises(PinLockedOutError):
        await access.gate.unlock(WRONG)
    return access


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ((), 30),
        ((_set_clock(-YEAR),), 30),
        ((_set_clock(YEAR),), 30),
        ((_set_clock(-YEAR), _pass_seconds(10)), 20),
        ((_pass_seconds(10), _set_clock(-YEAR), _set_clock(YEAR)), 20),
        ((_sleep_seconds(10),), 20),
        ((_try_again, _try_again), 30),
        ((_restart,), 30),
        ((_pass_seconds(10), _restart), 30),
        ((_pass_seconds(29), _restart, _restart), 30),
        ((_set_clock(-YEAR), _restart), 30),
        ((_set_clock(YEAR), _restart), 30),
        ((_restart, _set_clock(-YEAR), _pass_seconds(10), _try_again), 20),
    ],
)
def test_lock_out_is_neither_shortened_nor_endless(events: Sequence[Event], left: int) -> None:
    async def story() -> None:
        access = await open_access(MemoryStore(), pin=PIN)
        for _ in range(FREE_TRIES):
            with pytest.raises((WrongPinError, PinLockedOutError)):
                await access.gate.unlock(WRONG)
        for event in events:
            access = await event(access)
        with pytest.raises(PinLockedOutError) as refused:
            await access.gate.unlock(PIN)
        assert refused.value.facts == {"seconds": left}
        await _clock(access).advance(timedelta(seconds=left))
        await access.gate.unlock(PIN)

    asyncio.run(story())

"""Manager's PIN: what counts as the same one, wrong tries, and the lock-out that outlives a restart."""

import asyncio
import json
from datetime import timedelta

import pytest

from app.domain.access import FREE_TRIES, canonical_pin, lock_out
from app.domain.errors import BadPinError, PinLockedOutError, WrongPinError
from app.services.access.pin import SETTING
from tests.harness.access import AccessHarness, open_access
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("X5")

PIN, WRONG = "2468", "1111"


async def _fail(access: AccessHarness, times: int = FREE_TRIES) -> None:
    for _ in range(times):
        with pytest.raises((WrongPinError, PinLockedOutError)):
            await access.gate.unlock(WRONG)


def _moved(access: AccessHarness) -> MovedClock:
    assert isinstance(access.clock, MovedClock)
    return access.clock


@pytest.mark.parametrize(
    "typed",
    [
        "2468",
        " 2468\n",
        "2 4 6 8",
        "\t2468\r\n",
        "2\u00a0468",
        "２４６８",
        "٢٤٦٨",
        "2\u200b468",
        "\ufeff2468",
    ],
)
def test_canonical_pin_is_the_same_however_it_is_typed(typed: str) -> None:
    assert canonical_pin(typed) == PIN


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "too_short"),
        ("   ", "too_short"),
        ("123", "too_short"),
        (" 1 2 3 \n", "too_short"),
        ("1234567890123", "too_long"),
        ("1234 5678 9012 3", "too_long"),
        ("12a4", "not_digits"),
        ("abcd", "not_digits"),
        ("12-34", "not_digits"),
        ("½½½½", "not_digits"),
    ],
)
def test_canonical_pin_refuses_what_is_none(typed: str, reason: str) -> None:
    with pytest.raises(BadPinError) as refused:
        canonical_pin(typed)
    assert refused.value.facts == {"reason": reason}


def test_lock_out_grows_and_stays_at_an_hour() -> None:
    waits = [lock_out(failures).total_seconds() for failures in range(12)]
    assert waits == [0, 0, 0, 0, 0, 30, 60, 300, 900, 3600, 3600, 3600]


def test_check_locks_out_after_five_wrong_pins() -> None:
    async def story() -> None:
        access = await open_access(MemoryStore(), pin=PIN)
        await _fail(access)
        with pytest.raises(PinLockedOutError) as refused:
            await access.gate.unlock(PIN)
        assert refused.value.facts == {"seconds": 30}
        await _moved(access).advance(timedelta(seconds=30))
        await access.gate.unlock(PIN)

    asyncio.run(story())


def test_check_counts_anew_after_the_right_pin() -> None:
    async def story() -> None:
        access = await open_access(MemoryStore(), pin=PIN)
        await _fail(access, FREE_TRIES - 1)
        await access.gate.unlock(PIN)
        await _fail(access, FREE_TRIES - 1)
        await access.gate.unlock(PIN)

    asyncio.run(story())


def test_check_makes_tries_at_the_same_time_one_by_one() -> None:
    async def story() -> None:
        access = await open_access(MemoryStore(), pin=PIN)
        tries = [access.gate.unlock(WRONG) for _ in range(FREE_TRIES)]
        told = await asyncio.gather(*tries, access.gate.unlock(PIN), return_exceptions=True)
        assert isinstance(told[-1], PinLockedOutError)

    asyncio.run(story())


def test_check_counts_a_try_before_the_slow_comparison() -> None:
    class KilledHasher:
        async def hash(self, secret: str) -> str:
            return secret

        async def matches(self, _secret: str, _hashed: str) -> bool:
            raise asyncio.CancelledError

    async def story() -> None:
        store = MemoryStore()
        access = AccessHarness(store, hasher=KilledHasher())
        await access.pin.load()
        await access.pin.set(PIN)
        for _ in range(FREE_TRIES):
            with pytest.raises(asyncio.CancelledError):
                await access.gate.unlock(PIN)
        with pytest.raises(PinLockedOutError):
            await (await access.restarted()).gate.unlock(PIN)

    asyncio.run(story())


@pytest.mark.parametrize("kept", ["{", "[]", '{"hash": 1}', '{"failures": 0}'])
def test_unreadable_pin_is_set_and_never_matches(kept: str) -> None:
    async def story() -> None:
        store = MemoryStore()
        await store.transact(lambda rows: rows.settings.set(SETTING, kept))
        access = await open_access(store)
        assert access.gate.has_pin
        with pytest.raises(WrongPinError):
            await access.gate.unlock(PIN)

    asyncio.run(story())


@pytest.mark.requirement("X3")
def test_stored_pin_is_no_plain_hash_of_its_digits() -> None:
    async def story() -> None:
        store = MemoryStore()
        access = await open_access(store, pin=PIN)
        kept = json.loads(await store.read(lambda rows: rows.settings.get(SETTING) or ""))
        assert not await access.hasher.matches(PIN, kept["hash"])
        assert not await access.hasher.matches(canonical_pin(PIN), kept["hash"])

    asyncio.run(story())


@pytest.mark.parametrize("typed", ["1234", "123456789012", "1234 5678 9012\n"])
def test_canonical_pin_takes_four_to_twelve_digits(typed: str) -> None:
    assert canonical_pin(typed).isdigit()


@pytest.mark.parametrize("typed", ["123", "1234567890123", "12a4", ""])
def test_check_of_what_is_no_pin_costs_no_try(typed: str) -> None:
    async def story() -> None:
        access = await open_access(MemoryStore(), pin=PIN)
        for _ in range(FREE_TRIES + 1):
            with pytest.raises(BadPinError):
                await access.gate.unlock(typed)
        await access.gate.unlock(f" {PIN}\n")

    asyncio.run(story())


@pytest.mark.parametrize("typed", ["123", "1234567890123", "12a4", ""])
def test_set_of_what_is_no_pin_leaves_the_one_in_force(typed: str) -> None:
    async def story() -> None:
        access = await open_access(MemoryStore(), pin=PIN)
        with pytest.raises(BadPinError):
            await access.pin.set(typed)
        await access.gate.unlock(PIN)

    asyncio.run(story())

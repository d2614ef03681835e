"""Reset code: fresh, single, short-lived, few tries, few an hour, and nowhere to be read."""

import asyncio
import json
import logging
import re
from dataclasses import astuple
from datetime import timedelta

import pytest

from app.domain.audit import AuditResult
from app.domain.errors import (
    BadPinCodeError,
    NoPinError,
    PinCodeVoidError,
    TooManyPinCodesError,
    WrongPinCodeError,
)
from app.domain.phone import Phone
from app.services.access.pin_reset_code import SETTING, PinResetCode
from tests.harness.access import AccessHarness, open_access
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock
from tests.simulators.seeded_entropy import SeededEntropy

pytestmark = pytest.mark.requirement("X5")

PIN = "2468"
SHOP = Phone("+5573988112233")


class _Sender:
    """The shop's phone, which remembers each code."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.phone: Phone | None = SHOP

    async def send_code(self, code: str, lives: timedelta) -> Phone:
        assert lives == timedelta(minutes=10)
        self.codes.append(code)
        return SHOP


class _Counter:
    """PIN, code and phone of one shop; `restarted` is the next life of the program."""

    def __init__(self, access: AccessHarness, seed: int = 3) -> None:
        assert isinstance(access.clock, MovedClock)
        self.access, self.clock, self.sender, self.seed = access, access.clock, _Sender(), seed
        self.code = PinResetCode(
            access.store,
            access.vault,
            access.clock,
            SeededEntropy(seed),
            access.gate,
            access.pin,
            access.audit,
            self.sender,
        )

    async def restarted(self) -> "_Counter":
        return _Counter(await self.access.restarted(), self.seed + 1)

    async def requested(self) -> str:
        await self.code.request()
        return self.sender.codes[-1]

    async def acts(self) -> list[tuple[str, AuditResult]]:
        """Return acts and results of the audit log, oldest first."""
        found = await self.access.audit.latest(100)
        return [(each.event.act, each.event.result) for each in reversed(found)]


async def _counter(pin: str | None = PIN) -> _Counter:
    return _Counter(await open_access(MemoryStore(), pin=pin))


def _other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_right_code_removes_the_pin_and_is_an_act_of_its_own() -> None:
    async def story() -> None:
        at = await _counter()
        code = await at.requested()
        assert re.fullmatch(r"\d{6}", code)
        await at.code.reset_pin(f" {code[:3]} {code[3:]}\n")
        assert not (await at.access.restarted()).gate.has_pin
        assert (await at.acts())[-2:] == [
            ("request_pin_code", AuditResult.ALLOWED),
            ("reset_pin_by_code", AuditResult.ALLOWED),
        ]

    asyncio.run(story())


def test_code_counts_once() -> None:
    async def story() -> None:
        at = await _counter()
        code = await at.requested()
        await at.code.reset_pin(code)
        with pytest.raises(NoPinError):
            await at.code.reset_pin(code)
        await at.access.gate.set_pin(PIN)
        with pytest.raises(PinCodeVoidError):
            await at.code.reset_pin(code)
        assert at.access.gate.has_pin

    asyncio.run(story())


def test_code_is_void_after_ten_minutes_of_the_steady_clock() -> None:
    async def story() -> None:
        at = await _counter()
        code = await at.requested()
        at.clock.set_wall(at.clock.now() + timedelta(days=1))
        await at.clock.advance(timedelta(minutes=9, seconds=59))
        with pytest.raises(WrongPinCodeError):
            await at.code.reset_pin(_other(code))
        at.clock.set_wall(at.clock.now() - timedelta(days=9))
        at.clock.let_sleep(timedelta(seconds=1))
        with pytest.raises(PinCodeVoidError):
            await at.code.reset_pin(code)

    asyncio.run(story())


def test_fifth_wrong_try_makes_the_code_void() -> None:
    async def story() -> None:
        at = await _counter()
        code = await at.requested()
        for left in (4, 3, 2, 1):
            with pytest.raises(WrongPinCodeError) as refused:
                await at.code.reset_pin(_other(code))
            assert refused.value.facts == {"tries": left}
        for typed in (_other(code), code):
            with pytest.raises(PinCodeVoidError):
                await at.code.reset_pin(typed)
        assert at.access.gate.has_pin
        assert (await at.acts()).count(("reset_pin_by_code", AuditResult.REFUSED)) == 5

    asyncio.run(story())


def test_tries_at_the_same_time_are_counted_each() -> None:
    async def story() -> None:
        at = await _counter()
        code = await at.requested()
        wrong = [at.code.reset_pin(_other(code)) for _ in range(20)]
        ended = await asyncio.gather(*wrong, return_exceptions=True)
        assert sum(isinstance(each, WrongPinCodeError) for each in ended) == 4
        with pytest.raises(PinCodeVoidError):
            await at.code.reset_pin(code)

    asyncio.run(story())


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "------", "códigoo"])
def test_other_than_six_digits_costs_no_try(typed: str) -> None:
    async def story() -> None:
        at = await _counter()
        code = await at.requested()
        for _ in range(6):
            with pytest.raises(BadPinCodeError):
                await at.code.reset_pin(typed)
        await at.code.reset_pin(code)

    asyncio.run(story())


def test_newer_code_makes_the_former_one_void() -> None:
    async def story() -> None:
        at = await _counter()
        former, code = await at.requested(), await at.requested()
        with pytest.raises(WrongPinCodeError):
            await at.code.reset_pin(former)
        await at.code.reset_pin(code)

    asyncio.run(story())


def test_fourth_code_of_an_hour_is_refused_with_its_wait() -> None:
    async def story() -> None:
        at = await _counter()
        for _ in range(3):
            await at.requested()
            await at.clock.advance(timedelta(minutes=5))
        with pytest.raises(TooManyPinCodesError) as refused:
            await at.code.request()
        assert refused.value.facts == {"minutes": 45}
        assert len(at.sender.codes) == 3
        await at.clock.advance(timedelta(minutes=45))
        await at.requested()

    asyncio.run(story())


def test_restart_makes_the_code_void_and_gives_no_further_ones() -> None:
    async def story() -> None:
        at = await _counter()
        code, *_ = reversed([await at.requested() for _ in range(3)])
        again = await at.restarted()
        with pytest.raises(PinCodeVoidError):
            await again.code.reset_pin(code)
        again.clock.set_wall(again.clock.now() + timedelta(days=2))
        with pytest.raises(TooManyPinCodesError):
            await again.code.request()
        await again.clock.advance(timedelta(hours=1))
        await again.code.reset_pin(await again.requested())

    asyncio.run(story())


def test_used_code_frees_the_next_requests() -> None:
    async def story() -> None:
        at = await _counter()
        code, *_ = reversed([await at.requested() for _ in range(3)])
        await at.code.reset_pin(code)
        await at.access.gate.set_pin(PIN)
        await (await at.restarted()).requested()

    asyncio.run(story())


def test_code_without_a_pin_is_refused() -> None:
    async def story() -> None:
        at = await _counter(pin=None)
        with pytest.raises(NoPinError):
            await at.code.request()
        assert at.sender.codes == []

    asyncio.run(story())


def test_code_stands_in_no_log_and_no_setting(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        at = await _counter()
        with caplog.at_level(logging.DEBUG):
            code = await at.requested()
            with pytest.raises(WrongPinCodeError) as refused:
                await at.code.reset_pin(_other(code))
        said = [caplog.text, str(refused.value.facts), repr(at.code.__dict__)]
        stored = await at.access.store.read(lambda rows: rows.settings.get(SETTING))
        entries = [str(astuple(each.event)) for each in await at.access.audit.latest(100)]
        assert json.loads(stored or "") == {"requested": 1}
        assert not any(code in text for text in [*said, stored or "", *entries])

    asyncio.run(story())

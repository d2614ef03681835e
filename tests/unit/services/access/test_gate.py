"""Access gate: who may act while a PIN is set, and for how long."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from typing import TypeVar

import pytest

from app.domain.access import ProtectedAct
from app.domain.audit import Actor, AuditResult
from app.domain.errors import ManagerNeededError, WrongPinError
from app.ports.store import Rows
from app.services.access.gate import AUTO_LOCK_AFTER
from tests.harness.access import AccessHarness, open_access
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("X5")

T = TypeVar("T")

PIN = "2468"
SECOND = timedelta(seconds=1)
_EMPTY = Context()


class _FullStore(MemoryStore):
    """Store of a full disk."""

    async def transact(self, _work: Callable[[Rows], T]) -> T:
        raise OSError("full")


async def _refuses(access: AccessHarness) -> bool:
    try:
        await access.gate.authorize(ProtectedAct.EDIT_TEMPLATE)
    except ManagerNeededError:
        return True
    return False


def _moved(access: AccessHarness) -> MovedClock:
    assert isinstance(access.clock, MovedClock)
    return access.clock


def test_gate_allows_every_act_while_no_pin_is_set() -> None:
    async def story() -> None:
        access = await open_access(MemoryStore())
        assert (access.gate.has_pin, access.gate.actor) == (False, Actor.ANYONE)
        assert not await _refuses(access)

    asyncio.run(story())


def test_gate_follows_a_shorter_lock_time_and_a_longer_one_opens_it_not() -> None:
    def actor(access: AccessHarness) -> Actor:
        return access.gate.actor

    async def story() -> None:
        access, minutes = await open_access(MemoryStore(), pin=PIN), [60]
        access.gate._auto_lock = lambda: timedelta(minutes=minutes[0])
        await access.gate.unlock(PIN)
        minutes[0] = 1
        await _moved(access).advance(timedelta(seconds=59))
        assert actor(access) is Actor.MANAGER
        await _moved(access).advance(SECOND)
        assert actor(access) is Actor.CASHIER
        await access.gate.unlock(PIN)
        await _moved(access).advance(timedelta(minutes=1))
        minutes[0] = 60
        assert actor(access) is Actor.CASHIER

    asyncio.run(story())


def test_gate_is_closed_before_the_pin_is_loaded() -> None:
    async def story() -> None:
        assert await _refuses(AccessHarness(MemoryStore()))

    asyncio.run(story())


def test_gate_refuses_the_cashier_and_allows_the_manager() -> None:
    async def story() -> None:
        access = await open_access(MemoryStore(), pin=PIN)
        assert access.gate.actor is Actor.CASHIER
        assert await _refuses(access)
        await access.gate.unlock(" 24 68 ")
        assert str(access.gate.actor) == Actor.MANAGER
        assert not await _refuses(access)
        access.gate.lock()
        assert await _refuses(access)

    asyncio.run(story())


def test_gate_locks_itself_after_its_time_without_an_act() -> None:
    async def story() -> None:
        access = await open_access(MemoryStore(), pin=PIN)
        await access.gate.unlock(PIN)
        await _moved(access).advance(AUTO_LOCK_AFTER - SECOND)
        assert not await _refuses(access)
        await _moved(access).advance(AUTO_LOCK_AFTER - SECOND)
        assert not await _refuses(access)
        await _moved(access).advance(AUTO_LOCK_AFTER)
        assert await _refuses(access)

    asyncio.run(story())


def test_gate_locks_itself_while_the_pc_sleeps() -> None:
    async def story() -> None:
        access = await open_access(MemoryStore(), pin=PIN)
        await access.gate.unlock(PIN)
        _moved(access).let_sleep(AUTO_LOCK_AFTER)
        assert await _refuses(access)

    asyncio.run(story())


def test_gate_opened_by_a_command_is_open_for_no_other_task() -> None:
    async def story() -> None:
        access = await open_access(MemoryStore(), pin=PIN)
        async with access.gate.opened_by(PIN):
            assert not await _refuses(access)
            # A task that was begun before the PIN was given has a context of its own.
            other = asyncio.get_running_loop().create_task(_refuses(access), context=_EMPTY)
            assert await other
        assert await _refuses(access)
        with pytest.raises(WrongPinError):
            async with access.gate.opened_by("1111"):
                pytest.fail("opened")

    asyncio.run(story())


def test_gate_opened_by_a_command_is_closed_for_a_task_that_outlives_it() -> None:
    async def story() -> None:
        access, over = await open_access(MemoryStore(), pin=PIN), asyncio.Event()

        async def later() -> bool:
            await over.wait()
            return await _refuses(access)

        async with access.gate.opened_by(PIN):
            outliving = asyncio.get_running_loop().create_task(later())
        over.set()
        assert await outliving

    asyncio.run(story())


def test_gate_forgets_no_pin_at_a_restart() -> None:
    async def story() -> None:
        access = await open_access(MemoryStore(), pin=PIN)
        await access.gate.unlock(PIN)
        again = await access.restarted()
        assert again.gate.has_pin
        assert await _refuses(again)

    asyncio.run(story())


def test_gate_changes_and_removes_the_pin_for_the_manager_alone() -> None:
    async def story() -> None:
        access = await open_access(MemoryStore(), pin=PIN)
        for change in (access.gate.set_pin("1357"), access.gate.remove_pin()):
            with pytest.raises(ManagerNeededError):
                await change
        await access.gate.unlock(PIN)
        await access.gate.set_pin("1357")
        with pytest.raises(WrongPinError):
            await access.gate.unlock(PIN)
        await access.gate.unlock("1357")
        await access.gate.remove_pin()
        assert not (await access.restarted()).gate.has_pin

    asyncio.run(story())


def test_gate_records_each_act_with_its_actor_and_its_result() -> None:
    async def story() -> None:
        access = await open_access(MemoryStore())
        await access.gate.authorize(ProtectedAct.EDIT_TEMPLATE)
        await access.gate.set_pin(PIN)
        await _refuses(access)
        await access.gate.unlock(PIN)
        await access.gate.authorize(ProtectedAct.UNLINK)
        told = [(e.event.act, e.event.actor, e.event.result) for e in await access.audit.latest(9)]
        assert told[::-1] == [
            ("edit_template", Actor.ANYONE, AuditResult.ALLOWED),
            ("set_pin", Actor.ANYONE, AuditResult.ALLOWED),
            ("edit_template", Actor.CASHIER, AuditResult.REFUSED),
            ("unlink", Actor.MANAGER, AuditResult.ALLOWED),
        ]

    asyncio.run(story())


def test_gate_allows_no_act_that_cannot_be_recorded() -> None:
    async def story() -> None:
        access = await open_access(_FullStore())
        with pytest.raises(OSError, match="full"):
            await access.gate.authorize(ProtectedAct.EDIT_TEMPLATE)

    asyncio.run(story())


def test_gate_stays_locked_when_the_right_pin_is_no_longer_wanted() -> None:
    async def story() -> None:
        access = await open_access(MemoryStore(), pin=PIN)
        with pytest.raises(WrongPinError):
            await access.gate.unlock("1111")
        await access.gate.unlock(PIN, wanted=lambda: False)
        assert await _refuses(access)
        await access.gate.unlock(PIN)
        assert not await _refuses(access)

    asyncio.run(story())

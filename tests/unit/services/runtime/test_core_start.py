"""Core start: the messenger starts last, after the database is put in order."""

import asyncio
from collections.abc import Callable

import pytest

from app.domain.lease import LeaseOwner
from app.domain.notification import State
from app.ports.messenger import MessengerListener
from app.ports.version_counter import VersionMark
from app.services.runtime.restore_detector import VERSION
from tests.harness.every_notification import in_state
from tests.harness.shop import MAIN, advanced, open_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.memory_version import MemoryVersion
from tests.simulators.moved_clock import MovedClock
from tests.simulators.scripted_messenger import ScriptedMessenger


def noting_start(disk: MemoryStore, found: list[MemoryStore]) -> Callable[[MovedClock], ScriptedMessenger]:
    """Messengers that put what is on the disk when they are started into `found`."""

    class Noting(ScriptedMessenger):
        async def start(self, listener: MessengerListener) -> None:
            found.append(disk.copy())
            await super().start(listener)

    return Noting


async def died_while_sending() -> MemoryStore:
    store = MemoryStore()
    async with open_shop(store=store, owner=LeaseOwner(1, "a", "boot")) as first:
        await first.see(first.order(1))
        first.messenger.gate.clear()
        await first.see(advanced(first.order(1), "ready"))
        left = store.copy()
        first.messenger.gate.set()
    return left


@pytest.mark.requirement("Q5")
def test_core_rescues_what_a_dead_process_held_before_the_messenger_starts() -> None:
    async def day() -> None:
        left, found = await died_while_sending(), list[MemoryStore]()
        later = LeaseOwner(2, "b", "boot")
        async with open_shop(store=left, owner=later, messengers=noting_start(left, found)):
            (disk,) = found
        assert await disk.read(lambda rows: rows.notifications.leased()) == []
        doubted = await disk.read(lambda rows: in_state(rows, State.IN_DOUBT))
        suspects = await disk.read(lambda rows: rows.numbers.suspects(MAIN))
        assert [row.phone for row in doubted] == [known.phone for known in suspects] != []

    asyncio.run(day())


def test_core_looks_for_an_older_copy_before_the_messenger_starts() -> None:
    async def day() -> None:
        left, found = MemoryStore(), list[MemoryStore]()
        await left.transact(lambda rows: rows.settings.set(VERSION, "6"))
        await left.transact(lambda rows: rows.sessions.save_keys(MAIN, {"session": {"1.0": "ratchet"}}))
        async with open_shop(
            store=left, version=MemoryVersion(VersionMark(7)), messengers=noting_start(left, found)
        ):
            (disk,) = found
        assert await disk.read(lambda rows: rows.sessions.keys(MAIN, "session", ["1.0"])) == {}

    asyncio.run(day())

"""Signal sessions: suspects are refreshed before the next text, despite failures between."""

import asyncio
from collections.abc import Sequence

import pytest

from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.errors import NotConnectedError
from app.domain.events import NotificationChanged
from app.domain.identifiers import SessionId
from app.domain.lid import Address
from app.domain.notification import State
from app.domain.phone import Phone
from app.services.event_bus import EventBus
from app.services.messaging.signal_sessions import SignalSessionRefresher
from tests.contracts.asked_store import ANA, BIA, NOW, owed
from tests.harness.shop import MAIN
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger

pytestmark = pytest.mark.requirement("K8")


class Refreshing(ScriptedMessenger):
    """Always open; makes new sessions once `may_refresh` is set, or fails to."""

    def __init__(self) -> None:
        super().__init__(MovedClock())
        self.may_refresh = asyncio.Event()
        self.fails = False

    async def refresh_session(self, session_id: SessionId, jids: Sequence[str]) -> None:
        _ = session_id
        await self.may_refresh.wait()
        if self.fails:
            raise NotConnectedError
        self.refreshed.append(tuple(jids))


def _jid(phone: Phone) -> str:
    return f"{phone.number[1:]}@s.whatsapp.net"


class Scene:
    def __init__(self) -> None:
        self.store, self.messenger, self.bus = MemoryStore(), Refreshing(), EventBus()
        self.ratchets = SignalSessionRefresher(self.store, self.messenger, self.bus)

    async def doubt(self, phone: Phone) -> None:
        """As the queue writes a doubt down, and then tells of it."""
        known = KnownNumber(phone, WhatsAppAccount(_jid(phone)), NOW)
        await self.store.transact(lambda rows: rows.numbers.save(known))
        await self.store.transact(lambda rows: rows.numbers.suspect(phone, MAIN))
        row = owed(phone=phone, state=State.IN_DOUBT, doubted_at=NOW)
        self.bus.publish(NotificationChanged(row))

    async def suspects(self) -> list[Address]:
        return [known.phone for known in await self.store.read(lambda rows: rows.numbers.suspects(MAIN))]


def test_ratchets_refresh_again_after_a_doubt_that_came_while_they_did() -> None:
    async def story() -> None:
        scene = Scene()
        await scene.doubt(ANA)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(scene.ratchets.refresh_suspects(MAIN))
            await let_tasks_run()
            await scene.doubt(BIA)
            scene.messenger.may_refresh.set()
        await scene.ratchets.refresh_suspects(MAIN)
        assert scene.messenger.refreshed == [(_jid(ANA),), (_jid(BIA),)]
        assert await scene.suspects() == []

    asyncio.run(story())


def test_ratchets_keep_the_suspects_of_a_refresh_that_failed() -> None:
    async def story() -> None:
        scene = Scene()
        scene.messenger.may_refresh.set()
        scene.messenger.fails = True
        await scene.doubt(ANA)
        with pytest.raises(NotConnectedError):
            await scene.ratchets.refresh_suspects(MAIN)
        assert await scene.suspects() == [ANA]
        scene.messenger.fails = False
        await scene.ratchets.refresh_suspects(MAIN)
        assert (scene.messenger.refreshed, await scene.suspects()) == ([(_jid(ANA),)], [])

    asyncio.run(story())


def test_ratchets_keep_the_suspects_of_a_refresh_that_is_killed() -> None:
    async def story() -> None:
        scene = Scene()
        await scene.doubt(ANA)
        async with asyncio.TaskGroup() as tasks:
            mending = tasks.create_task(scene.ratchets.refresh_suspects(MAIN))
            await let_tasks_run()
            assert await scene.suspects() == [ANA]
            mending.cancel()
        assert await scene.suspects() == [ANA]

    asyncio.run(story())


def test_ratchets_refresh_once_for_all_who_wait_for_it() -> None:
    async def story() -> None:
        scene = Scene()
        await scene.doubt(ANA)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(3):
                tasks.create_task(scene.ratchets.refresh_suspects(MAIN))
            await let_tasks_run()
            scene.messenger.may_refresh.set()
        assert scene.messenger.refreshed == [(_jid(ANA),)]

    asyncio.run(story())

"""Opt-out guard: a number closes before its opt-out commits and opens after its undo."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager

import pytest

from app.domain.attempt import Accepted, Withheld
from app.domain.identifiers import SessionId
from app.domain.notification import Notification
from app.services.messaging.chat_timers import ChatTimers
from app.services.messaging.dispatch import MessageDispatcher
from app.services.messaging.signal_sessions import SignalSessionRefresher
from tests.harness.customer_words import ANA, first_words, say
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.held_store import HeldStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger

pytestmark = pytest.mark.requirement("X1")


def dispatch_of(shop: Shop) -> MessageDispatcher:
    core = shop.core
    ratchets = SignalSessionRefresher(shop.store, shop.messenger, core.bus)
    closed, noted = core.opt_outs.guard, core.background.restore_detector.mark_before_send
    numbers, drained = core.messages.number_check, core.background.sessions.is_drained
    return MessageDispatcher(
        shop.messenger, numbers, ChatTimers(shop.store), ratchets, shop.clock, closed, noted, drained
    )


async def told(shop: Shop) -> Notification:
    """One that went to Ana, whose number is known since."""
    order = shop.order(1)
    await shop.see(order)
    return await shop.message(order)


@asynccontextmanager
async def uncommitted(store: HeldStore, act: Awaitable[None]) -> AsyncIterator[None]:
    """The act has done all that it does before its commit; it is over after the block."""

    async def acting() -> None:
        await act

    async with asyncio.TaskGroup() as tasks:
        store.commits.clear()
        tasks.create_task(acting())
        await let_tasks_run()
        try:
            yield
        finally:
            store.commits.set()


def test_opt_out_withholds_a_text_before_its_commit() -> None:
    store = HeldStore()

    async def story(shop: Shop) -> None:
        row = await told(shop)
        async with uncommitted(store, say(shop, "PARAR")):
            assert await dispatch_of(shop).deliver(row) == Withheld()
        assert first_words(shop) == ["Oi", "Pronto"]

    in_shop(story, store=store)


def test_opt_out_that_was_heard_before_withholds_nothing_after_its_commit() -> None:
    store = HeldStore()

    async def story(shop: Shop) -> None:
        row = await told(shop)
        await say(shop, "PARAR", message_id="A")
        await say(shop, "VOLTAR")
        async with uncommitted(store, say(shop, "PARAR", message_id="A")):
            assert await dispatch_of(shop).deliver(row) == Withheld()
        assert isinstance(await dispatch_of(shop).deliver(row), Accepted)

    in_shop(story, store=store)


def test_return_opens_the_number_only_after_its_commit() -> None:
    store = HeldStore()

    async def story(shop: Shop) -> None:
        row = await told(shop)
        await say(shop, "PARAR")
        async with uncommitted(store, say(shop, "VOLTAR")):
            assert await dispatch_of(shop).deliver(row) == Withheld()
        assert isinstance(await dispatch_of(shop).deliver(row), Accepted)

    in_shop(story, store=store)


def test_undo_opens_the_number_only_after_its_commit() -> None:
    store = HeldStore()

    async def story(shop: Shop) -> None:
        row = await told(shop)
        await say(shop, "PARAR")
        async with uncommitted(store, shop.core.opt_outs.undo(ANA.number, "asked at the counter")):
            assert await dispatch_of(shop).deliver(row) == Withheld()
        assert isinstance(await dispatch_of(shop).deliver(row), Accepted)

    in_shop(story, store=store)


class SlowlyRefreshed(ScriptedMessenger):
    """Makes new sessions only once it is let."""

    def __init__(self, clock: MovedClock) -> None:
        super().__init__(clock)
        self.may_refresh = asyncio.Event()

    async def refresh_session(self, session_id: SessionId, jids: Sequence[str]) -> None:
        await self.may_refresh.wait()
        await super().refresh_session(session_id, jids)


def test_opt_out_withholds_a_text_that_waits_for_new_sessions() -> None:
    async def story(shop: Shop) -> None:
        row, messenger = await told(shop), shop.messenger
        assert isinstance(messenger, SlowlyRefreshed)
        await shop.store.transact(lambda rows: rows.numbers.suspect(ANA, MAIN))
        async with asyncio.TaskGroup() as tasks:
            delivered = tasks.create_task(dispatch_of(shop).deliver(row))
            await let_tasks_run()
            await say(shop, "PARAR")
            messenger.may_refresh.set()
        assert delivered.result() == Withheld()

    in_shop(story, messengers=SlowlyRefreshed)

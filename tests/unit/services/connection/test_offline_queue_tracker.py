"""Offline queue: after an absence a number sends only when the waiting messages have arrived."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.domain.notification import State, Suppression
from app.ports.messenger import LinkChanged, LinkState
from app.ports.store import Rows
from tests.harness.customer_words import ANA, RUI, first_words, say
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("X1")


async def open_only(shop: Shop) -> None:
    """Connected again, with what waited at WhatsApp still to come."""
    shop.messenger.opens = False
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
    await shop.see(shop.order(1))
    await shop.pass_time(seconds=2)
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
    await let_tasks_run()


def test_what_was_queued_goes_when_all_that_waited_has_come() -> None:
    async def story(shop: Shop) -> None:
        await open_only(shop)
        assert shop.messenger.sends == []
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.DRAINED))
        await let_tasks_run()
        assert len(shop.messenger.sends) == 1

    in_shop(story)


def test_a_parar_that_waited_comes_before_all_that_was_queued() -> None:
    async def story(shop: Shop) -> None:
        await open_only(shop)
        await say(shop, "Parar!", ANA, live=False)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.DRAINED))
        await let_tasks_run()
        kept = await shop.message(shop.order(1))
        assert (kept.state, kept.reason) == (State.SUPPRESSED, Suppression.OPTED_OUT)
        assert first_words(shop) == ["Pronto"]

    in_shop(story)


def test_a_parar_comes_first_when_a_text_before_it_is_kept_slowly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(shop: Shop) -> None:
        sound, slow = shop.store.transact, [9.0]

        async def transact(work: Callable[[Rows], Any]) -> Any:
            if slow:
                await shop.clock.sleep(timedelta(seconds=slow.pop()))
            return await sound(work)

        async def both() -> None:
            """One after the other, as the sidecar tells them."""
            await say(shop, "Oi", RUI, live=False)
            await say(shop, "Parar!", ANA, live=False)

        await open_only(shop)
        monkeypatch.setattr(shop.store, "transact", transact)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(both())
            await shop.pass_time(seconds=20)
        kept = await shop.message(shop.order(1))
        assert (kept.state, kept.reason) == (State.SUPPRESSED, Suppression.OPTED_OUT)
        assert first_words(shop) == ["Pronto"]

    in_shop(story)


def test_where_whatsapp_forgets_to_say_so_nothing_waits_for_ever() -> None:
    async def story(shop: Shop) -> None:
        await open_only(shop)
        await shop.pass_time(seconds=4.9)
        assert shop.messenger.sends == []
        await shop.pass_time(seconds=0.1)
        await let_tasks_run()
        assert len(shop.messenger.sends) == 1

    in_shop(story)

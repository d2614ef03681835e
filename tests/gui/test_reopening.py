"""Reopening: the window closes its core in order and opens it anew, without the program's end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from app.domain.notification import State
from app.services.runtime.core import Core
from app.ui.settings.settings_page import SettingsPage
from app.ui.theme import Theme
from app.ui.window_lifecycle import WindowLifecycle
from tests.gui.conftest import Run
from tests.gui.lifecycle import lifecycle
from tests.harness.settings_shop import open_settings_shop
from tests.harness.settings_window import row_of
from tests.harness.shop import Shop
from tests.harness.waiting import wait_until
from tests.harness.window_shop import for_a_while
from tests.simulators.memory_store import MemoryStore

pytestmark = pytest.mark.requirement("Q9")


def openings(shops: list[Shop], store: MemoryStore) -> Callable[[], AbstractAsyncContextManager[Core]]:
    """Return the factory of a shop over the same store, which adds each opened one to `shops`."""

    @asynccontextmanager
    async def core() -> AsyncIterator[Core]:
        async with open_settings_shop(store, seed=len(shops)) as shop:
            shops.append(shop)
            yield shop.core

    return core


async def opened_times(opened: WindowLifecycle, shops: list[Shop], times: int) -> SettingsPage:
    """Wait for this opening; return its settings page."""
    await wait_until(lambda: len(shops) == times and opened.window.tabs.count() == 4)
    page = opened.window.findChild(SettingsPage)
    assert isinstance(page, SettingsPage)
    return page


def test_button_beside_a_waiting_setting_opens_the_shop_anew(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        shops: list[Shop] = []
        opened = lifecycle(theme, training=False)
        ending = asyncio.get_running_loop().create_task(opened.run(openings(shops, MemoryStore())))
        page = await opened_times(opened, shops, 1)
        first = opened.window
        first.open_page(page)
        row = row_of(page.open_section("Avançado"), "CONNECTION_TIMEOUT_MS")
        assert row.reopen.isHidden()
        await shops[0].core.settings.change("CONNECTION_TIMEOUT_MS", 30_000)
        await wait_until(row.reopen.isVisible)
        row.reopen.click()
        await opened_times(opened, shops, 2)
        assert opened.window is not first
        assert opened.window.isVisible()
        status = shops[1].core.settings.status("CONNECTION_TIMEOUT_MS")
        assert (status.value, status.waits) == (30_000, False)
        opened.window.close()
        assert await ending == 0

    arun(story())


def test_message_in_flight_is_settled_before_the_shop_opens_anew(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        shops: list[Shop] = []
        opened = lifecycle(theme, training=False)
        ending = asyncio.get_running_loop().create_task(opened.run(openings(shops, MemoryStore())))
        await opened_times(opened, shops, 1)
        order = shops[0].order(1)
        shops[0].messenger.gate.clear()
        await shops[0].see(order)
        await wait_until(lambda: bool(shops[0].messenger.sends))
        opened.reopen()
        await for_a_while()
        assert len(shops) == 1
        shops[0].messenger.gate.set()
        await opened_times(opened, shops, 2)
        assert (await shops[1].message(order)).state is State.SENT
        assert (len(shops[0].messenger.sends), len(shops[1].messenger.sends)) == (1, 0)
        opened.window.close()
        assert await ending == 0

    arun(story())


def test_window_closed_during_a_reopening_ends_the_program(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        shops: list[Shop] = []
        opened = lifecycle(theme, training=False)
        ending = asyncio.get_running_loop().create_task(opened.run(openings(shops, MemoryStore())))
        await opened_times(opened, shops, 1)
        first = opened.window
        opened.reopen()
        await wait_until(lambda: opened.window is not first)
        assert opened.window.isVisible()
        opened.window.close()
        assert await ending == 0

    arun(story())

"""Opens the window over a filled shop, with sidecar and simulated WhatsApp, and measures it.

`python -m tests.benchmarks.screen_probe FOLDER COUNTS`, COUNTS as JSON; it writes one line of JSON.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from PySide6.QtTest import QTest

from app import paths
from app.domain.events import NotificationChanged
from app.domain.identifiers import NotificationId
from app.domain.notification import TOLD
from app.domain.phone import Phone
from app.services.orders.order_list import Tab
from app.services.text.message_catalog import MessageCatalog
from app.ui.application import make_application
from app.ui.event_bridge import EventBridge
from app.ui.garbage import GarbageCollector
from app.ui.main_window import MainWindow
from app.ui.orders.orders_page import OrdersPage
from app.ui.page_context import PageContext
from app.ui.pages import add_pages
from app.ui.qt_loop import new_loop
from app.ui.task_runner import TaskRunner
from app.ui.theme import Theme
from tests.benchmarks.bare_list import BareList
from tests.benchmarks.figures import percentile
from tests.benchmarks.own_side import OwnSide, own_side
from tests.benchmarks.screen_counts import ScreenCounts
from tests.benchmarks.screen_shop import new_order
from tests.benchmarks.screen_watch import PaintWatch, a_tick, arrow_down, now_ms, scroll, watched_loop
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SHOP, simulated_whatsapp

_CUSTOMERS = tuple(Phone(f"+55739988{number:05d}") for number in range(50))
_AT_ONCE = 10
_MEGABYTE = 2**20
# Plain letters, as the test library types no others; names are found without their accents.
_LETTERS = "joao silva pereira ana araujo beatriz conceicao"
Figures = dict[str, float]


@dataclass
class ProbedWindow:
    counts: ScreenCounts
    own: OwnSide
    window: MainWindow
    page: OrdersPage
    watch: PaintWatch
    sent: int = 0
    listings: int = 0

    def __post_init__(self) -> None:
        self.page.orders.shown.connect(self._note_listing)

    async def measure(self, began: float) -> Figures:
        """Return all figures of one opening, in the order in which a cashier would come upon them."""
        await wait_until(self._filled, 120)
        found: Figures = {"today_usable_ms": now_ms() - began}
        found |= await self._hand("today")
        found["today_stall_ms"] = await self._send()
        found |= await self._open_all()
        found |= await self._hand("all")
        found["all_stall_ms"] = await self._send()
        found |= await self._search()
        return found | self._memory()

    async def _open_all(self) -> Figures:
        """All days under the tab of all orders: until its first rows can be read, and until all are listed."""
        self.page.tabs.choose(Tab.ALL)
        began, expected = now_ms(), self.counts.orders + self.sent
        with watched_loop() as stall:
            first = await self.watch.painted_when(
                lambda: self.page.period.setCurrentIndex(self.page.period.count() - 1), self._filled
            )
            await wait_until(lambda: len(self.page.orders.ids) == expected, 600)
        return {"all_usable_ms": first, "all_listed_ms": now_ms() - began, "all_load_stall_ms": stall.longest}

    async def _hand(self, list_of: str) -> Figures:
        keys = await arrow_down(self.watch, self.page.list, self.counts.keys)
        with watched_loop() as stall:
            frames = await scroll(self.watch, self.page.list, self.counts.ticks)
        self.page.list.verticalScrollBar().setValue(0)
        return {
            **_two(f"{list_of}_arrow", keys),
            f"{list_of}_scroll_frame_p99_ms": percentile(frames, 0.99),
            f"{list_of}_scroll_stall_ms": stall.longest,
        }

    async def _send(self) -> float:
        """Return the longest stall while so many orders come in and their customers are told."""
        core, told = self.own.core, set[NotificationId]()

        def changed(event: NotificationChanged) -> None:
            if event.notification.state in TOLD:
                told.add(event.notification.id)

        leave = core.bus.subscribe(NotificationChanged, changed)
        first = self.counts.orders + self.sent + 1
        numbers = range(first, first + self.counts.messages)
        with watched_loop() as stall:
            for at in range(0, len(numbers), _AT_ONCE):
                orders = [
                    new_order(number, _CUSTOMERS[number % len(_CUSTOMERS)], core.clock.now())
                    for number in numbers[at : at + _AT_ONCE]
                ]
                await asyncio.gather(*map(core.watcher.store_and_notify, orders))
            await wait_until(lambda: len(told) == len(numbers), 600)
            # What the last of them changed is on the screen, too, by then.
            await wait_until(lambda: self.page.orders.numbered(numbers[-1]), 600)
        leave()
        self.sent += len(numbers)
        return stall.longest

    async def _search(self) -> Figures:
        """The first search learns all names; then each letter, until it stands in the field."""
        field, orders = self.page.search, self.page.orders
        field.setFocus()
        everyone = self.counts.orders + self.sent
        with watched_loop() as stall:
            first = await self.watch.painted_when(
                lambda: QTest.keyClicks(field, "ana"), lambda: len(orders._search._entries) >= everyone
            )
        letters, found = list[float](), list[float]()
        for place in range(self.counts.keys):
            if place % len(_LETTERS) == 0:
                field.clear()
            letter = _LETTERS[place % len(_LETTERS)]
            letters.append(await self.watch.painted(partial(QTest.keyClicks, field, letter)))
            await a_tick()
        for _ in range(self.counts.searches):
            for typed in ("ana", "silva"):
                field.clear()
                await wait_until(lambda: not orders.typed, 60)
                found.append(
                    await self.watch.painted_when(
                        partial(QTest.keyClicks, field, typed),
                        partial(self._is_searched, typed, self.listings),
                    )
                )
        return {
            "first_search_ms": first,
            "first_search_stall_ms": stall.longest,
            **_two("letter", letters),
            **_two("search", found),
        }

    def _is_searched(self, typed: str, listings: int) -> bool:
        """Whether this was searched for and listed, after so many listings."""
        return self.page.orders.typed == typed and self.listings > listings

    def _note_listing(self) -> None:
        self.listings += 1

    def _filled(self) -> bool:
        """Whether the first row in sight has its order, so that it can be read and worked on."""
        model = self.page.model
        places = range(min(model.rowCount(), 2))
        return any(model.row(at) for at in places if model.order_id(at))

    def _memory(self) -> Figures:
        app, sidecar = psutil.Process().memory_full_info(), self.own.sidecar.memory_full_info()
        return {
            "app_uss_mb": app.uss / _MEGABYTE,
            "app_rss_mb": app.rss / _MEGABYTE,
            "sidecar_uss_mb": sidecar.uss / _MEGABYTE,
            "app_and_sidecar_uss_mb": (app.uss + sidecar.uss) / _MEGABYTE,
        }


def _two(name: str, times: list[float]) -> Figures:
    return {f"{name}_p50_ms": percentile(times, 0.5), f"{name}_p99_ms": percentile(times, 0.99)}


@asynccontextmanager
async def _window(own: OwnSide, theme: Theme) -> AsyncIterator[tuple[MainWindow, OrdersPage]]:
    sentences = MessageCatalog(paths.sentences("pt-BR").read_text("utf-8"))
    window = MainWindow(theme, sentences, "Coco Loko", training=False)
    runner, bridge = TaskRunner(sentences), EventBridge(own.core)
    add_pages(window, PageContext(own.core, bridge, runner, sentences, theme, "Coco Loko"))
    window.show()
    page = window.findChild(OrdersPage)
    assert isinstance(page, OrdersPage)
    try:
        yield window, page
    finally:
        bridge.close()
        await runner.stop()
        window.hide()


async def _measure(folder: Path, counts: ScreenCounts, theme: Theme) -> dict[str, Any]:
    contacts = [{"number": phone.number} for phone in _CUSTOMERS]
    async with (
        simulated_whatsapp(*contacts) as whatsapp,
        own_side(folder, whatsapp.url, whatsapp.admin, SHOP) as own,
    ):
        began = now_ms()
        async with _window(own, theme) as (window, page):
            figures = await ProbedWindow(counts, own, window, page, PaintWatch(window)).measure(began)
    return figures | await _measure_bare(counts)


async def _measure_bare(counts: ScreenCounts) -> Figures:
    """The same keys and the same wheel over a bare list."""
    bare = BareList(counts.orders)
    bare.show()
    watch = PaintWatch(bare)
    keys = await arrow_down(watch, bare, counts.keys)
    frames = await scroll(watch, bare, counts.ticks)
    bare.hide()
    return {**_two("bare_arrow", keys), "bare_scroll_frame_p99_ms": percentile(frames, 0.99)}


def main() -> None:
    folder, counts = Path(sys.argv[1]), ScreenCounts(**json.loads(sys.argv[2]))
    app = make_application()
    loop, collector = new_loop(app), GarbageCollector(app)
    theme = Theme(app)
    try:
        figures = loop.run_until_complete(_measure(folder, counts, theme))
    finally:
        loop.close()
        collector.stop()
    figures["screen"] = app.platformName()
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

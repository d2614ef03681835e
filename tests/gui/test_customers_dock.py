"""Dock of simulated phones: shows the shop's messages and sends answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QSlider

from app.domain.session import QrCode
from app.ports.training import ChatMessage, SimulatedPhone, Tempo
from app.services.runtime.training import SimulatedOwner
from app.ui.demo.bubble import Bubble
from app.ui.demo.customers_dock import CustomersDock
from app.ui.language import hour
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.shop import MAIN, Shop, in_shop
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, open_window_shop
from tests.simulators.imagined_world import ImaginedWorld
from tests.simulators.moved_clock import let_tasks_run

_ANA, _ZE = "+5573988000001", "+5573988000002"


@dataclass
class Training:
    at: WindowShopHarness
    world: ImaginedWorld
    dock: CustomersDock

    def text(self, number: str, words: str) -> None:
        """Add a message of the shop to this phone and signal a change of the queue."""
        self.world.write(number, ChatMessage(words, from_shop=True, at=self.at.shop.clock.now()))
        self.at.context.bridge.queue_changed.emit()


@asynccontextmanager
async def training(theme: Theme) -> AsyncIterator[Training]:
    async with open_window_shop(theme) as at:
        phones = [SimulatedPhone(_ANA, "Ana"), SimulatedPhone(_ZE, "Zé")]
        world = ImaginedWorld(at.shop.clock, phones)
        dock = CustomersDock(at.context, world)
        at.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        QAbstractItemModelTester(dock.phones, QAbstractItemModelTester.FailureReportingMode.Fatal, dock)
        await wait_until(lambda: dock.phones.rowCount() == 2)
        yield Training(at, world, dock)


@pytest.mark.requirement("D1")
def test_a_message_appears_on_its_phone_and_is_unread_until_it_is_opened(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with training(theme) as it:
            it.text(_ANA, "*Oi*, Ana")
            await wait_until(lambda: it.dock.phones.unread == 1)
            index = it.dock.phones.index(0)
            said = it.dock.phones.data(index, Qt.ItemDataRole.AccessibleTextRole)
            assert said == "Ana, 1 não lidas, Oi, Ana"
            it.dock.view.clicked.emit(index)
            await wait_until(lambda: it.dock.phones.unread == 0)
            (bubble,) = it.dock.chat.findChildren(Bubble)
            assert bubble.accessibleName() == f"Loja, {hour(it.at.shop.clock.now())}: *Oi*, Ana"

    arun(story())


@pytest.mark.requirement("D1")
def test_one_answers_as_the_customer_and_the_chat_goes_on(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with training(theme) as it:
            it.dock.open_phone(_ZE)
            QTest.keyClicks(it.dock.chat.reply, "PARAR")
            QTest.keyClick(it.dock.chat.reply, Qt.Key.Key_Return)
            await wait_until(lambda: len(it.dock.chat.findChildren(Bubble)) == 1)
            it.text(_ZE, "Ok")
            await wait_until(lambda: len(it.dock.chat.findChildren(Bubble)) == 2)
            assert it.dock.chat.reply.text() == ""
            chat = it.world.customers[1].chat
            assert [(message.text, message.from_shop) for message in chat] == [("PARAR", False), ("Ok", True)]

    arun(story())


def test_the_slider_sets_the_tempo_of_the_rush(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with training(theme) as it:
            slider = it.dock.findChild(QSlider)
            assert isinstance(slider, QSlider)
            slider.setValue(slider.maximum())
            assert it.world.tempos[-1] == Tempo()
            slider.setValue(slider.minimum())
            assert it.world.tempos[-1].stage > it.world.tempos[0].stage

    arun(story())


@pytest.mark.requirement("D1")
def test_the_simulated_owner_scans_each_code_once() -> None:
    async def story(shop: Shop) -> None:
        world = ImaginedWorld(shop.clock)
        leave = SimulatedOwner(shop.core, world).watch()
        shop.messenger.opens = False
        await shop.core.connection.pair()
        for text in ("2@one", "2@one", "2@two"):
            await shop.messenger.listener.qr_shown(MAIN, QrCode(text, shop.clock.now()))
            await let_tasks_run()
        assert world.scanned == ["2@one", "2@two"]
        leave()
        await shop.messenger.listener.qr_shown(MAIN, QrCode("2@three", shop.clock.now()))
        await let_tasks_run()
        assert world.scanned == ["2@one", "2@two"]

    in_shop(story, paired=False)

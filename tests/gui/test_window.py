"""Frame of the window: truthful texts, and keyboard access to all controls."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPushButton

from app.domain.attempt import Rejected, RejectionKind
from app.domain.errors import NotConnectedError, SidecarCrashLoopError
from app.domain.receipt import Evidence, Receipt
from app.ports.messenger import LinkChanged, LinkState
from app.ui.frame.attention_strip import AttentionStrip
from app.ui.frame.connection_indicator import ConnectionButton, ConnectionPopover
from app.ui.frame.count_buttons import CountButtons
from app.ui.frame.empty_page import EmptyPage
from app.ui.orders.list_area import ListArea
from app.ui.palette import DARK, LIGHT
from app.ui.settings.whatsapp_section import WhatsAppSection
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import SENTENCES, WindowShopHarness, open_window_shop


def lamp_of(at: WindowShopHarness) -> ConnectionButton:
    lamp = at.window.findChild(ConnectionButton)
    assert isinstance(lamp, ConnectionButton)
    return lamp


@pytest.mark.requirement("S4")
def test_the_lamp_says_how_the_connection_is_and_the_popover_reconnects(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            lamp = lamp_of(at)
            assert "WhatsApp conectado" in lamp.text()
            at.shop.messenger.opens = False
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
            await wait_until(lambda: "WhatsApp desconectado" in lamp.text())
            lamp.click()
            popover = lamp.findChild(ConnectionPopover)
            assert isinstance(popover, ConnectionPopover)
            said = " ".join(label.text() for label in popover.findChildren(QLabel))
            assert "Tentando de novo sozinho." in said
            tries = len(at.shop.messenger.connects)
            popover.reconnect.click()
            await wait_until(lambda: len(at.shop.messenger.connects) == tries + 1)

    arun(story())


@pytest.mark.requirement("S4")
def test_indicator_without_proof_says_so_and_shows_the_last_answer(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            lamp = lamp_of(at)
            popover = lamp.findChild(ConnectionPopover)
            assert isinstance(popover, ConnectionPopover)
            at.shop.messenger.pongs.append(timedelta(seconds=0.25))
            await at.shop.pass_time(seconds=16)
            lamp.click()
            assert any("(0,25 s)" in label.text() for label in popover.findChildren(QLabel))
            popover.hide()
            at.shop.messenger.pongs.extend([None] * 9)
            await at.shop.pass_time(seconds=46)
            await wait_until(lambda: "WhatsApp instável" in lamp.text())
            lamp.click()
            said = " ".join(label.text() for label in popover.findChildren(QLabel))
            assert "O WhatsApp demora a responder." in said

    arun(story())


@pytest.mark.requirement("S5")
def test_a_module_that_keeps_dying_is_said_for_as_long_as_it_does(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            lamp = lamp_of(at)
            popover = lamp.findChild(ConnectionPopover)
            assert isinstance(popover, ConnectionPopover)
            at.shop.messenger.connect_error = SidecarCrashLoopError()
            trouble = SidecarCrashLoopError.code
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, trouble=trouble))
            await wait_until(lambda: "não fica de pé" in at.window.notice.words)
            for _ in range(3):
                await at.shop.pass_time(minutes=1)
                await wait_until(lambda: "WhatsApp desconectado" in lamp.text())
                said = " ".join(label.text() for label in popover.findChildren(QLabel))
                assert "tenta de novo a cada minuto" in said
            at.shop.messenger.connect_error = None
            await at.shop.pass_time(minutes=1)
            await wait_until(lambda: "WhatsApp conectado" in lamp.text())

    arun(story())


@pytest.mark.requirement("S3")
def test_the_lamp_leads_to_a_new_pairing_where_only_that_helps(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            lamp = lamp_of(at)
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 401))
            await wait_until(lambda: "WhatsApp desconectado pelo celular" in lamp.text())
            lamp.click()
            popover = lamp.findChild(ConnectionPopover)
            assert isinstance(popover, ConnectionPopover)
            assert popover.reconnect.text() == "Conectar de novo"
            before = len(at.shop.messenger.connects)
            popover.reconnect.click()
            assert at.window.tabs.tabText(at.window.tabs.currentIndex()) == "Ajustes"
            await wait_until(lambda: len(at.shop.messenger.connects) == before + 1)
            section = at.window.findChild(WhatsAppSection)
            assert isinstance(section, WhatsAppSection)
            assert section.pairing.isVisible()

    arun(story())


def test_counts_lead_to_the_untold_and_stand_in_title_and_lamp(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            counts, popover = at.window.findChild(CountButtons), lamp_of(at).popover
            assert isinstance(counts, CountButtons)
            assert counts.untold.isHidden()
            order = at.shop.order(1)
            await at.see(order)
            told = await at.shop.message(order)
            receipt = Receipt(told.message_id, Evidence.DELIVERED, at.shop.clock.now())
            await at.shop.messenger.emit(receipt)
            at.shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED))
            await at.see(at.shop.order(2, phone="+5573999540002"))
            await wait_until(lambda: counts.untold.text() == " 1 não avisado  F4")
            assert counts.unread.isHidden()
            assert at.window.windowTitle() == "(1) Coco Loko: balcão"
            await wait_until(lambda: popover.figures.text() == "Na fila 0 · entregues hoje 1")
            QTest.keyClick(at.window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
            await wait_until(lambda: at.window.pages.currentWidget() is not at.page)
            QTest.keyClick(at.window, Qt.Key.Key_F4)
            await wait_until(lambda: at.window.pages.currentWidget() is at.page)
            await wait_until(lambda: at.page.list.current_order == at.shop.order(2).id)

    arun(story())


def test_header_leaves_words_out_where_it_is_narrow(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            counts = at.window.findChild(CountButtons)
            assert isinstance(counts, CountButtons)
            at.shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED))
            await at.see(at.shop.order(1))
            at.window.resize(1366, 690)
            await wait_until(lambda: counts.untold.text() == " 1 não avisado  F4")
            at.window.resize(1024, 640)
            await wait_until(lambda: counts.untold.text() == " 1  F4")
            assert lamp_of(at).text() == " WhatsApp conectado"
            assert at.window.width() == 1024
            at.window.header.setFixedWidth(704)
            await wait_until(lambda: lamp_of(at).text() == "")
            assert lamp_of(at).accessibleName().startswith("WhatsApp conectado")

    arun(story())


def test_an_unpaired_shop_is_shown_the_one_button_that_helps(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, paired=False) as at:
            area = at.page.findChild(ListArea)
            assert isinstance(area, ListArea)
            await wait_until(lambda: area.stack.currentWidget() is area.unpaired)
            await at.shop.core.watcher.store_and_notify(order := at.shop.order(1))
            await wait_until(lambda: at.row(order) is not None)
            strip = at.window.findChild(AttentionStrip)
            assert isinstance(strip, AttentionStrip)
            await wait_until(lambda: strip.button.text() == "Conectar o WhatsApp")
            area.unpaired.button.click()
            assert at.window.tabs.tabText(at.window.tabs.currentIndex()) == "Ajustes"
            await wait_until(lambda: at.shop.messenger.connects)

    arun(story())


def test_an_empty_day_offers_a_new_order(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            area = at.page.area
            await wait_until(lambda: area.stack.currentWidget() is area.nothing)
            assert isinstance(area.nothing, EmptyPage)
            assert area.nothing.button.text() == "Novo pedido (F2)"

    arun(story())


def test_a_failed_act_is_told_across_the_window(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async def fails() -> None:
            raise NotConnectedError

        async with open_window_shop(theme) as at:
            at.context.runner.start(fails())
            await wait_until(lambda: at.window.notice.words)
            assert at.window.notice.words == str(SENTENCES.of_code("not_connected"))

    arun(story())


def test_everything_that_can_be_pressed_has_a_name_and_is_large_enough(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(at.shop.order(1))
            for index in range(at.window.pages.count()):
                at.window.tabs.setCurrentIndex(index)
                pressed = [one for one in at.window.findChildren(QAbstractButton) if one.isVisible()]
                inner = [one for one in pressed if isinstance(one.parent(), QLineEdit)]
                nameless = [
                    one for one in pressed if not (one.text() or one.accessibleName() or one in inner)
                ]
                assert nameless == []
                small = [one.text() for one in pressed if one.height() < 36 and one not in inner]
                assert small == []
            assert at.page.list.accessibleName() == "Pedidos"

    arun(story())


def test_the_pages_are_opened_by_control_and_their_number(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(at.shop.order(1))
            assert at.window.focusWidget() is at.page.list
            QTest.keyClick(at.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
            await wait_until(lambda: at.window.tabs.tabText(at.window.tabs.currentIndex()) == "Monitor")
            QTest.keyClick(at.window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
            await wait_until(lambda: at.window.focusWidget() is at.page.list)

    arun(story())


def test_the_window_can_change_between_light_and_dark_while_it_is_open(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(at.shop.order(1))
            theme.apply_palette(DARK)
            dark = at.window.grab().toImage().pixelColor(4, at.window.height() - 4).name().upper()
            theme.apply_palette(LIGHT)
            light = at.window.grab().toImage().pixelColor(4, at.window.height() - 4).name().upper()
            assert (dark, light) == (DARK.window, LIGHT.window)

    arun(story())


def test_enter_presses_the_focused_button_of_a_page(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            pressed: list[str] = []
            button = QPushButton("Destrancar…", at.window.centralWidget())
            button.clicked.connect(lambda: pressed.append("button"))
            button.show()
            button.setFocus()
            for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_A):
                QTest.keyClick(button, key)
            assert pressed == ["button", "button"]

    arun(story())

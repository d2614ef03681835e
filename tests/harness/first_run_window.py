"""Wizard of the first run in a window over a shop in memory: opening, keys, and the phone that is linked."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.first_run import SetupStep
from app.domain.phone import Phone
from app.domain.session import QrCode, SessionData
from app.ports.messenger import LinkChanged, LinkState
from app.ui.first_run.connect_step import ConnectStep
from app.ui.first_run.first_run_page import FirstRunPage
from app.ui.first_run.opening import add_first_run
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape
_PHONE = Phone("+5573988112233")


def wizards(at: WindowShopHarness) -> list[FirstRunPage]:
    pages = (at.window.pages.widget(index) for index in range(at.window.pages.count()))
    return [page for page in pages if isinstance(page, FirstRunPage)]


def open_wizard(at: WindowShopHarness) -> FirstRunPage:
    add_first_run(at.window, at.context)
    (page,) = wizards(at)
    assert at.window.pages.currentWidget() is page
    return page


def press(at: WindowShopHarness, key: Qt.Key) -> None:
    focused = at.window.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def type_text(at: WindowShopHarness, text: str) -> None:
    focused = at.window.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, text)


async def at_step(page: FirstRunPage, step: SetupStep) -> None:
    await wait_until(lambda: page.step is step and page.page.is_open)


async def link(at: WindowShopHarness) -> None:
    messenger = at.shop.messenger
    await messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=_PHONE))
    await messenger.listener.session_changed(SessionData(MAIN, "c", paired=True, phone=_PHONE))
    await messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=_PHONE))
    await messenger.emit(LinkChanged(MAIN, LinkState.DRAINED))


async def connect(at: WindowShopHarness, page: FirstRunPage) -> None:
    """Scan the code that the step shows by itself, and go on."""
    connect = page.page
    assert isinstance(connect, ConnectStep)
    await wait_until(lambda: at.shop.messenger.connects)
    await at.shop.messenger.listener.qr_shown(MAIN, QrCode("2@code", at.shop.clock.now()))
    await wait_until(lambda: connect.pairing.qr.text)
    await link(at)
    await wait_until(lambda: connect.pairing.title.text() == "Pronto!")
    press(at, ENTER)

"""Steps of a pairing in the window: opened, offered a code, scanned."""

from datetime import timedelta

from app.domain.phone import Phone
from app.domain.session import QrCode, SessionData
from app.ports.messenger import LinkChanged, LinkState
from app.ui.settings.settings_page import SettingsPage
from app.ui.settings.whatsapp_section import WhatsAppSection
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness

PHONE = Phone("+5573988112233")


def section_of(at: WindowShopHarness) -> WhatsAppSection:
    settings = at.window.findChild(SettingsPage)
    assert isinstance(settings, SettingsPage)
    at.window.open_page(settings)
    section = settings.findChild(WhatsAppSection)
    assert isinstance(section, WhatsAppSection)
    return section


async def offer(at: WindowShopHarness, text: str) -> None:
    until_ = at.shop.clock.now() + timedelta(seconds=20)
    await at.shop.messenger.listener.qr_shown(MAIN, QrCode(text, until_))


async def begin(at: WindowShopHarness) -> WhatsAppSection:
    at.shop.messenger.opens = False
    section = section_of(at)
    section.card.pair.click()
    await wait_until(lambda: at.shop.messenger.connects)
    return section


async def scan(at: WindowShopHarness) -> WhatsAppSection:
    section = await begin(at)
    await offer(at, "2@one")
    await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=PHONE))
    await at.shop.messenger.listener.session_changed(SessionData(MAIN, "c", paired=True, phone=PHONE))
    await wait_until(lambda: section.pairing.title.text() == "Código lido")
    return section

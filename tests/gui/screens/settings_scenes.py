"""Scenes of Ajustes: number's card, and each state of a pairing."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.identifiers import SessionId
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.ports.messenger import LinkChanged, LinkState
from app.ui.settings.lift_opt_out_dialog import LiftOptOutDialog
from app.ui.settings.more_numbers import AddNumberRow
from app.ui.settings.opt_outs_section import OptOutsSection
from app.ui.settings.pairing_page import PairingPage
from app.ui.settings.session_card import SessionCard
from app.ui.settings.setting_editors import TextEditor
from app.ui.settings.setting_row import SettingRow
from app.ui.settings.settings_page import SettingsPage
from app.ui.settings.whatsapp_section import WhatsAppSection
from tests.gui.screens.stage import Stage
from tests.harness.opted_out import opt_out_every_kind, opt_out_many
from tests.harness.shop import MAIN

_PHONE = Phone("+5573988112233")


async def card(stage: Stage) -> None:
    stage.open_tab("Ajustes")


async def several(stage: Stage) -> None:
    """Show two numbers, the second not connected yet."""
    stage.open_tab("Ajustes")


async def second_number(stage: Stage) -> None:
    stage.open_tab("Ajustes")
    stage.find(SettingsPage).list.setCurrentRow(1)
    await stage.settle()


async def orders(stage: Stage) -> None:
    """Show the switch of the pickup offer, switched on."""
    await stage.shop.core.templates.pickup_offer.switch(on=True)
    await open_section(stage, "Pedidos")


async def offline(stage: Stage) -> None:
    stage.shop.messenger.opens = False
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
    stage.open_tab("Ajustes")


async def blocked(stage: Stage) -> None:
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 401))
    stage.open_tab("Ajustes")


async def question(stage: Stage) -> None:
    stage.open_tab("Ajustes")
    stage.find(SessionCard).disconnect_.click()


async def adding(stage: Stage) -> None:
    """Ask for the name of a further number."""
    await second_number(stage)
    stage.find(SettingsPage).list.setCurrentRow(0)
    await stage.settle()
    stage.find(AddNumberRow).add.click()
    await stage.settle()


async def removing(stage: Stage) -> None:
    """Ask whether the second number is removed."""
    await stage.shop.core.settings.session_names.rename(SessionId("second"), "Entregas")
    await second_number(stage)
    (card,) = (each for each in stage.window.findChildren(SessionCard) if each.isVisible())
    card.remove.click()
    await stage.settle()


async def preparing(stage: Stage) -> None:
    stage.open_tab("Ajustes")
    stage.shop.messenger.opens = False
    stage.find(WhatsAppSection).begin_pairing()
    await stage.settle()


async def code(stage: Stage) -> None:
    await preparing(stage)
    await stage.offer_qr(20)
    await stage.shop.pass_time(seconds=6.4)


async def typed_code(stage: Stage) -> None:
    await code(stage)
    request = stage.find(PairingPage).request
    request.phone.setText(_PHONE.number)
    request.submit()
    await stage.settle()
    await stage.offer_qr(60)


async def passkey(stage: Stage) -> None:
    await code(stage)
    await stage.shop.messenger.listener.pairing_refused(MAIN, "passkey")


async def scanned(stage: Stage) -> None:
    await code(stage)
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.PAIRED, phone=_PHONE))
    await stage.shop.messenger.listener.session_changed(SessionData(MAIN, "c", paired=True, phone=_PHONE))


async def connecting(stage: Stage) -> None:
    await scanned(stage)
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 515))


async def ready(stage: Stage) -> None:
    await connecting(stage)
    await stage.settle()
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN, phone=_PHONE))


async def expired(stage: Stage) -> None:
    await code(stage)
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 408))


async def no_way_through(stage: Stage) -> None:
    await preparing(stage)
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED))


async def open_section(stage: Stage, title: str) -> None:
    stage.open_tab("Ajustes")
    stage.find(SettingsPage).open_section(title)
    await stage.settle()


async def shop(stage: Stage) -> None:
    """Show a shop whose name was changed here, and whose address is being typed."""
    await stage.shop.core.settings.change("SHOP_NAME", "Coco Loko do Centro")
    await open_section(stage, "Loja")
    row = _row(stage, "SHOP_ADDRESS")
    assert isinstance(row.editor, TextEditor)
    QTest.keyClicks(row.editor.text, "Av. Beira-Mar, 120")


async def shop_given(stage: Stage) -> None:
    """Show settings that environment and `config.toml` overrule."""
    await stage.shop.core.settings.change("SHOP_NAME", "Coco Loko do Centro")
    await open_section(stage, "Loja")


async def refused(stage: Stage) -> None:
    await open_section(stage, "Loja")
    row = _row(stage, "SHOP_NAME")
    assert isinstance(row.editor, TextEditor)
    row.editor.text.selectAll()
    QTest.keyClick(row.editor.text, Qt.Key.Key_Delete)
    row.save.click()
    await stage.settle()


async def rate_limits(stage: Stage) -> None:
    await stage.shop.core.settings.change("PACE_PER_MINUTE", 0)
    await open_section(stage, "Ritmo")


async def privacy(stage: Stage) -> None:
    await open_section(stage, "Privacidade")


async def advanced(stage: Stage) -> None:
    """Show the technical settings, one of which waits for the next start."""
    await stage.shop.core.settings.change("CONNECTION_TIMEOUT_MS", 30_000)
    await open_section(stage, "Avançado")


async def named(stage: Stage) -> None:
    """Ask for the name of a number that has one."""
    await stage.shop.core.settings.session_names.rename(MAIN, "Balcão")
    await open_section(stage, "WhatsApp")
    stage.find(SessionCard).rename.click()
    await stage.settle()


def _row(stage: Stage, name: str) -> SettingRow:
    (found,) = (row for row in stage.window.findChildren(SettingRow) if row.spec.name == name)
    return found


async def opt_outs(stage: Stage) -> None:
    """Show customers of every kind, and the one whose number is gone chosen."""
    await opt_out_many(stage.shop, 20)
    await opt_out_every_kind(stage.shop)
    await open_section(stage, "Pediram para parar")


async def no_opt_outs(stage: Stage) -> None:
    await open_section(stage, "Pediram para parar")


async def lift_opt_out(stage: Stage) -> None:
    """Ask why a customer is told again, after an empty reason."""
    await opt_outs(stage)
    section = stage.find(OptOutsSection)
    section.table.setCurrentIndex(section.table.model().index(3, 0))
    section.lift.click()
    await stage.settle()
    stage.find(LiftOptOutDialog).submit()
    await stage.settle()

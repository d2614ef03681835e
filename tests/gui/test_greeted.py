"""QR codes to scan, orders without a phone, replies from another number."""

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from app.domain.claim_text import chat_link, claim_text
from app.domain.identifiers import MessageId
from app.domain.notification import State
from app.domain.phone import Phone
from app.ports.inbound import Inbound
from app.ports.paper import RollWidth
from app.ui.orders.new_order_dialog import NewOrderDialog
from app.ui.orders.till_receipt_dialog import TillReceiptDialog
from app.ui.settings.settings_page import SettingsPage
from app.ui.settings.whatsapp_section import WhatsAppSection
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.customer_words import ANA, RUI
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, open_window_shop

SHOP = Phone("+5573988112233")


async def greets(at: WindowShopHarness, phone: Phone, number: int) -> None:
    now = at.shop.clock.now()
    await at.shop.messenger.emit(
        Inbound(MAIN, MessageId(f"3A{phone.number}"), phone, "text", claim_text(number), now, live=True)
    )


def read(file: Path) -> list[str]:
    with Image.open(file) as picture:
        return [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))]


@pytest.mark.requirement("C6")
def test_order_typed_without_a_phone_is_told_once_its_customer_has_written(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            at.page.open_new_order()
            await wait_until(lambda: at.page.findChild(NewOrderDialog) is not None)
            dialog = at.page.findChild(NewOrderDialog)
            assert isinstance(dialog, NewOrderDialog)
            QTest.keyClicks(dialog.name, "Bia")
            QTest.keyClicks(dialog.total, "20,00")
            dialog.submit()
            await wait_until(lambda: at.page.orders.ids)
            (order_id,) = at.page.orders.ids
            at.page.list.choose(order_id)
            pane = at.page.detail
            await wait_until(lambda: pane.phone.text().startswith("Sem telefone"))
            await greets(at, ANA, 1)
            await wait_until(lambda: pane.phone.text().startswith("(73) 99954-8537"))
            await wait_until(lambda: len(at.shop.messenger.sends) == 1)
            assert not pane.conversation.other.isVisible()

    arun(story())


@pytest.mark.requirement("C4")
def test_another_number_that_asks_is_shown_and_used_only_by_a_click(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(order := at.shop.order(7))
            at.page.list.choose(order.id)
            pane = at.page.detail
            await greets(at, RUI, 7)
            await wait_until(pane.conversation.use.isVisible)
            assert RUI.masked in pane.conversation.other.text()
            assert pane.phone.text().startswith("(73) 99954-8537")
            pane.conversation.use.click()
            await wait_until(lambda: pane.phone.text().startswith("(73) 98888-7777"))
            await wait_until(lambda: not pane.conversation.use.isVisible())
            assert not pane.conversation.other.isVisible()
            assert (await at.shop.message(order)).state is State.SENT

    arun(story())


def test_the_orders_code_is_shown_and_saved_for_either_roll(theme: Theme, arun: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(order := at.shop.order(7))
            at.page.list.choose(order.id)
            await wait_until(at.page.detail.menu.receipt.isVisible)
            at.page.detail.menu.receipt.trigger()
            await wait_until(lambda: at.page.findChild(TillReceiptDialog) is not None)
            dialog = at.page.findChild(TillReceiptDialog)
            assert isinstance(dialog, TillReceiptDialog)
            await wait_until(dialog.save.isEnabled)
            assert dialog.picture.pixmap().save(str(tmp_path / "shown.png"))
            assert read(tmp_path / "shown.png") == [chat_link(SHOP, 7)]
            dialog.width_.setCurrentIndex(dialog.width_.findData(RollWidth.WIDE))
            dialog.save.click()
            asked = dialog.findChild(QFileDialog)
            assert isinstance(asked, QFileDialog)
            asked.fileSelected.emit(str(tmp_path / "recibo.png"))
            await wait_until((tmp_path / "recibo.png").exists)
            assert read(tmp_path / "recibo.png") == [chat_link(SHOP, 7)]
            asked.reject()
            dialog.save_to(tmp_path / "recibo.doc")
            await wait_until(dialog.fault.isVisible)
            assert "terminar em .png ou .pdf" in dialog.fault.text()
            dialog.reject()

    arun(story())


def test_the_poster_is_saved_from_the_numbers_own_card(theme: Theme, arun: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            settings = at.window.findChild(SettingsPage)
            assert isinstance(settings, SettingsPage)
            at.window.open_page(settings)
            (section,) = settings.findChildren(WhatsAppSection)
            section.card.poster.click()
            asked = section.findChild(QFileDialog)
            assert isinstance(asked, QFileDialog)
            asked.fileSelected.emit(str(tmp_path / "cartaz.png"))
            await wait_until((tmp_path / "cartaz.png").exists)
            assert read(tmp_path / "cartaz.png") == [chat_link(SHOP)]
            asked.reject()

    arun(story())

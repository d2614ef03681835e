"""Pickup replies on the order's row and pane, and their switch in Ajustes."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.domain.errors import DiskFullError
from app.domain.identifiers import MessageId
from app.domain.order import Order
from app.domain.phone import Phone
from app.domain.pickup_reply import PickupChoice
from app.ports.inbound import Inbound
from app.services.templates.pickup_offer import PickupOffer
from app.ui.orders.status_chip import pickup_chip_of
from app.ui.palette import Tone
from app.ui.settings.orders_section import OrdersSection
from app.ui.settings.settings_page import SettingsPage
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import SENTENCES, WindowShopHarness, open_window_shop

pytestmark = pytest.mark.requirement("K9")


async def answered(at: WindowShopHarness, order: Order, text: str, name: str) -> None:
    await at.shop.pass_time(seconds=2)
    phone, now = Phone(order.customer_phone), at.shop.clock.now()
    await at.shop.messenger.emit(Inbound(MAIN, MessageId(name), phone, "text", text, now, live=True))


def choice(at: WindowShopHarness, order: Order) -> PickupChoice | None:
    row = at.row(order)
    return row.pickup.choice if row and row.pickup else None


def section(at: WindowShopHarness) -> OrdersSection:
    """Open Ajustes › Pedidos."""
    settings = at.window.findChild(SettingsPage)
    assert isinstance(settings, SettingsPage)
    at.window.open_page(settings)
    settings.open_section("Pedidos")
    found = settings.findChild(OrdersSection)
    assert isinstance(found, OrdersSection)
    return found


def test_chip_has_icon_word_and_tone_for_each_choice() -> None:
    chips = [pickup_chip_of(each, SENTENCES) for each in PickupChoice]
    assert [(chip.word, chip.tone) for chip in chips] == [
        ("a caminho", Tone.GOOD),
        ("não pode agora", Tone.WAIT),
    ]
    assert len({chip.icon for chip in chips}) == 2


def test_row_and_pane_show_the_latest_answer_to_ready(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.shop.core.templates.pickup_offer.switch(on=True)
            order, other = at.shop.order(7, status="ready"), at.shop.order(8, "+5573988887777", "ready")
            await at.see(order, other)
            at.page.list.choose(order.id)
            note = at.page.detail.pickup
            assert not note.isVisible()
            for name, text, said, role in (
                ("A", "1", "a caminho", "good"),
                ("B", "9️⃣", "não pode agora", "note"),
            ):
                await answered(at, order, text, name)
                await wait_until(lambda said=said: f": {said}." in at.words(order))
                await wait_until(lambda said=said: note.text().endswith(f": {said}."))
                assert note.isVisible()
                assert note.property("role") == role
                at.page.list.viewport().grab()
            row = at.row(order)
            assert row is not None
            assert row.unread == 2
            assert "respostas não lidas: 2" in at.words(order)
            assert choice(at, other) is None
            at.page.list.choose(other.id)
            await wait_until(lambda: not note.isVisible())

    arun(story())


def test_chip_goes_when_the_order_is_completed(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.shop.core.templates.pickup_offer.switch(on=True)
            order = at.shop.order(7, status="ready")
            await at.see(order)
            await answered(at, order, "1", "A")
            await wait_until(lambda: choice(at, order) is PickupChoice.ON_THE_WAY)
            await at.see(replace(order, status="completed"))
            await wait_until(lambda: choice(at, order) is None)

    arun(story())


def test_switch_in_settings_shows_and_hides_the_answers(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(7, status="ready")
            await at.see(order)
            await answered(at, order, "1", "A")
            page = section(at)
            assert not page.offer.isChecked()
            assert page.line.text() == "“Responda 1 se já está vindo ou 9 se não pode agora.”"
            QTest.mouseClick(page.offer, Qt.MouseButton.LeftButton, pos=QPoint(10, page.offer.height() // 2))
            await wait_until(lambda: at.shop.core.templates.pickup_offer.on)
            await wait_until(lambda: choice(at, order) is PickupChoice.ON_THE_WAY)
            assert page.offer.isChecked()
            await at.shop.core.templates.pickup_offer.switch(on=False)
            await wait_until(lambda: not page.offer.isChecked())
            await wait_until(lambda: choice(at, order) is None)

    arun(story())


def test_switch_that_cannot_be_stored_goes_back_and_says_why(
    theme: Theme, arun: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise DiskFullError

    async def story() -> None:
        async with open_window_shop(theme) as at:
            page = section(at)
            monkeypatch.setattr(PickupOffer, "switch", full)
            page.offer.click()
            await wait_until(page.fault.isVisible)
            assert page.fault.text() == str(SENTENCES.of_error(DiskFullError()))
            assert not page.offer.isChecked()

    arun(story())

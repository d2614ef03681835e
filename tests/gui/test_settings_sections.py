"""Ajustes beyond its forms: which notifications go out, the name of a number, the reminder of a missing PIN."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.order import NotificationType
from app.ui.access.pin_dialog import PinDialog
from app.ui.settings.name_number_dialog import NameNumberDialog
from app.ui.settings.orders_section import OrdersSection
from app.ui.settings.security_section import SecuritySection
from app.ui.settings.whatsapp_section import WhatsAppSection
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.settings_window import open_by_keyboard, reach_by_tab, settings_page, type_into
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import open_window_shop


@pytest.mark.requirement("X5")
def test_manager_switches_a_notification_off_by_keyboard(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.shop.core.access.gate.set_pin("2468")
            section = open_by_keyboard(at, "Pedidos")
            assert isinstance(section, OrdersSection)
            switch = section.notifications.switches[NotificationType.PREPARING]
            assert switch.isChecked()
            reach_by_tab(at, switch)
            QTest.keyClick(switch, Qt.Key.Key_Space)
            assert switch.isChecked()
            await type_into(PinDialog, "2468")
            await wait_until(lambda: not switch.isChecked())
            assert not at.shop.core.templates.stored_template(NotificationType.PREPARING).is_active

    arun(story())


@pytest.mark.requirement("Q9")
def test_number_is_named_and_its_name_removed_by_keyboard(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            section = open_by_keyboard(at, "WhatsApp")
            assert isinstance(section, WhatsAppSection)
            reach_by_tab(at, section.card.rename)
            QTest.keyClick(section.card.rename, Qt.Key.Key_Space)
            await type_into(NameNumberDialog, "Entregas")
            await wait_until(lambda: section.heading.text() == "WhatsApp · Entregas")
            QTest.keyClick(section.card.rename, Qt.Key.Key_Space)
            await type_into(NameNumberDialog, "\b")
            await wait_until(lambda: section.heading.text() == "WhatsApp")
            assert at.shop.core.settings.session_names.name_of(MAIN) is None

    arun(story())


@pytest.mark.requirement("X5")
def test_reminder_leads_to_the_pin_and_goes_when_there_is_one(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            settings = settings_page(at)
            assert settings.reminder.isVisible()
            reach_by_tab(at, settings.reminder.button)
            QTest.keyClick(settings.reminder.button, Qt.Key.Key_Space)
            # Segurança has a button of its own for it.
            assert settings.reminder.isHidden()
            section = settings.open_section("Segurança")
            assert isinstance(section, SecuritySection)
            assert section.isVisible()
            assert section.change.hasFocus()
            settings.list.setCurrentRow(0)
            assert settings.reminder.isVisible()
            await at.shop.core.access.gate.set_pin("2468")
            await wait_until(settings.reminder.isHidden)
            await at.shop.core.access.gate.unlock("2468")
            await at.shop.core.access.gate.remove_pin()
            await wait_until(settings.reminder.isVisible)

    arun(story())

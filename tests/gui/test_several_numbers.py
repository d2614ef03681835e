"""Several numbers: own connection indicator, own pairing, own hold on messages."""

import pytest

from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.phone import Phone
from app.domain.session import ConnectionState
from app.ports.messenger import LinkChanged, LinkState
from app.ui.frame.connection_indicator import ConnectionButton
from app.ui.orders.status_chip import QueueHold
from app.ui.settings.settings_page import SettingsPage
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.shop import MAIN, shop_choices
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, open_window_shop

pytestmark = pytest.mark.requirement("Q9")
SECOND = SessionId("second")
TWO_NUMBERS = shop_choices(more_sessions=(SECOND,))
ANA = Phone("+5573999548537")


def lamp_of(at: WindowShopHarness) -> ConnectionButton:
    (lamp,) = at.window.findChildren(ConnectionButton)
    return lamp


def titles(at: WindowShopHarness) -> list[str]:
    return [details.title.text() for details in lamp_of(at).popover.details.values()]


def test_one_lamp_counts_the_numbers_and_names_each_in_its_popover(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, choices=TWO_NUMBERS) as at:
            masked = Phone("+5573988112233").masked
            assert lamp_of(at).text().strip() == "WhatsApp · 1 de 2 números"
            assert titles(at) == [f"{masked}: WhatsApp conectado", "second: WhatsApp não conectado"]
            since = at.context.bridge.state_since(MAIN)
            at.shop.messenger.opens = False
            await at.shop.pass_time(minutes=1)
            await at.shop.messenger.emit(LinkChanged(SECOND, LinkState.CONNECTING))
            await wait_until(lambda: titles(at)[1] == "second: WhatsApp conectando")
            assert at.context.bridge.state_since(MAIN) == since
            assert at.context.bridge.state_since(SECOND) > since
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 401))
            await wait_until(lambda: titles(at)[0] == f"{masked}: WhatsApp desconectado pelo celular")
            assert lamp_of(at).text().strip() == "WhatsApp · 0 de 2 números"
            assert at.context.bridge.state_since(MAIN) > since

    arun(story())


@pytest.mark.requirement("Q9")
def test_name_of_a_number_is_shown_by_its_lamp_and_its_section(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, choices=TWO_NUMBERS) as at:
            settings = at.window.findChild(SettingsPage)
            assert isinstance(settings, SettingsPage)
            assert settings.list.item(1).text() == "WhatsApp · second"
            await at.shop.core.settings.session_names.rename(SECOND, "Ana & Bia")
            await wait_until(lambda: settings.list.item(1).text() == "WhatsApp · Ana & Bia")
            lamp_of(at).open()
            await wait_until(lambda: titles(at)[1] == "Ana & Bia: WhatsApp não conectado")
            await at.shop.core.settings.session_names.rename(SECOND, None)
            await wait_until(lambda: settings.list.item(1).text() == "WhatsApp · second")

    arun(story())


def test_a_further_number_is_paired_from_its_own_section(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, choices=TWO_NUMBERS) as at:
            settings = at.window.findChild(SettingsPage)
            assert isinstance(settings, SettingsPage)
            at.window.open_page(settings)
            lamp_of(at).popover.details[SECOND].reconnect.click()
            await wait_until(lambda: [one.session_id for one in at.shop.messenger.connects] == [MAIN, SECOND])
            await wait_until(lambda: titles(at)[1].endswith("WhatsApp conectado"))
            assert at.shop.core.connection.get_connection_status().state is ConnectionState.CONNECTED

    arun(story())


def test_a_message_is_held_by_its_own_number_alone(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, choices=TWO_NUMBERS) as at:
            await at.shop.store.transact(lambda rows: rows.contacts.save(ANA, Contact(SECOND)))
            held, told = at.shop.order(1, ANA.number), at.shop.order(2, "+5573988887777")
            await at.shop.store.transact(
                lambda rows: rows.contacts.save(Phone(told.customer_phone), Contact(MAIN))
            )
            await at.see(held, told)
            assert at.page.hold(await at.shop.message(held)) is QueueHold.NO_CONNECTION
            assert at.page.hold(await at.shop.message(told)) is QueueHold.NONE

    arun(story())

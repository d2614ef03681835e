"""Customers whose number WhatsApp hides, on screen (K3)."""

import pytest

from app.domain.claim_text import claim_text
from app.domain.identifiers import MessageId
from app.domain.lid import Lid
from app.ports.inbound import Inbound
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.customer_words import ANA
from tests.harness.greeted_shop import phoneless
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, open_window_shop

LID = "4711@lid"


async def _claims(at: WindowShopHarness, number: int, username: str | None = None) -> None:
    text, now = claim_text(number), at.shop.clock.now()
    said = Inbound(
        MAIN, MessageId("3AHID"), None, "text", text, now, live=True, lid=Lid(LID), jid=LID, username=username
    )
    await at.shop.messenger.emit(said)


@pytest.mark.requirement("K3")
def test_pane_shows_the_username_in_place_of_a_hidden_number(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(order := phoneless(at.shop))
            at.page.list.choose(order.id)
            await _claims(at, 7, "bia.rocha")
            await wait_until(lambda: at.page.detail.phone.text() == "Número oculto · @bia.rocha")
            await wait_until(lambda: [send.jid for send in at.shop.messenger.sends] == [LID])

    arun(story())


@pytest.mark.requirement("K3")
def test_order_goes_to_a_hidden_writer_by_one_click(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(order := at.shop.order(7))
            at.page.list.choose(order.id)
            pane = at.page.detail
            await _claims(at, 7)
            await wait_until(pane.conversation.use.isVisible)
            assert "número oculto" in pane.conversation.other.text()
            assert "4711" not in pane.conversation.other.text()
            pane.conversation.use.click()
            await wait_until(lambda: pane.phone.text() == "Número oculto")
            same = await at.shop.store.read(lambda rows: rows.identities.same(ANA, Lid(LID)))
            assert not same, "the order's number is none of the writer's"

    arun(story())


@pytest.mark.requirement("K3")
def test_pane_hides_a_lid_that_an_order_came_with_as_its_phone(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            await at.see(order := at.shop.order(7, phone=f" {LID}"))
            at.page.list.choose(order.id)
            await wait_until(lambda: at.page.detail.phone.text() == "Telefone inválido: Número oculto")

    arun(story())

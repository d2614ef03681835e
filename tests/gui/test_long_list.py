"""List longer than a page: loads by itself and follows concurrent events."""

import pytest

from app.domain.receipt import Evidence, Receipt
from app.services.orders import order_board
from app.services.orders.order_list import Tab
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.waiting import wait_until
from tests.harness.window_shop import for_a_while, open_window_shop


@pytest.mark.requirement("Z4")
def test_list_of_all_orders_fills_page_by_page(
    theme: Theme, arun: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_board, "OUTLINES", 2)

    async def story() -> None:
        async with open_window_shop(theme) as at:
            for number in range(1, 8):
                await at.see(at.shop.order(number, f"+557399954853{number}"))
            at.page.period.setCurrentIndex(2)
            await wait_until(lambda: len(at.page.orders.ids) == 7)
            assert at.page.orders.counts[Tab.PAID] == 7
            await for_a_while()
            assert [at.page.orders.numbered(number) for number in (1, 7)] == [
                at.page.orders.ids[0],
                at.page.orders.ids[-1],
            ]
            at.page.period.setCurrentIndex(1)
            at.page.period.setCurrentIndex(2)
            await for_a_while()
            assert len(at.page.orders.ids) == 7

    arun(story())


@pytest.mark.requirement("Z4")
def test_list_is_not_listed_anew_when_no_order_moves(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = at.shop.order(1)
            await at.see(order)
            message, listed, arrived = await at.shop.message(order), list[int](), list[int]()
            at.page.orders.shown.connect(lambda: listed.append(1))
            at.page.orders.rows_arrived.connect(lambda _: arrived.append(1))
            receipt = Receipt(message.message_id, Evidence.READ, at.shop.clock.now())
            await at.shop.messenger.emit(receipt)
            await wait_until(lambda: arrived)
            await for_a_while()
            assert (chip := at.chip(order, 0))
            assert (chip.word, listed) == ("lida", [])
            await at.see(at.shop.order(2))
            assert listed

    arun(story())

"""List of unfinished orders: groups, newcomers, clicks, keys and search."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.attempt import Rejected, RejectionKind
from app.domain.order import Order
from app.services.orders.order_list import Tab
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop

ENTER = Qt.Key.Key_Return


def orders(at: WindowShopHarness, *statuses: str) -> list[Order]:
    return [
        replace(at.shop.order(120 + n, f"+55739995400{n:02d}"), status=status)
        for n, status in enumerate(statuses)
    ]


def headings(at: WindowShopHarness) -> list[str]:
    model = at.page.model
    found = (model.heading(place) for place in range(model.rowCount()))
    return [heading.words for heading in found if heading]


def hover(at: WindowShopHarness, where: QPoint) -> None:
    """Move the pointer over the list; offscreen, `QTest.mouseMove` reaches no widget."""
    position = QPointF(where)
    free = Qt.MouseButton.NoButton
    QApplication.sendEvent(
        at.page.list.viewport(),
        QMouseEvent(QEvent.Type.MouseMove, position, position, free, free, Qt.KeyboardModifier.NoModifier),
    )


@pytest.mark.requirement("C5")
def test_list_groups_unfinished_orders_and_folds_a_group(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            at.shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED))
            await at.see(*orders(at, "ready", "in_preparation", "paid", "pending_payment", "completed")[:4])
            assert headings(at) == ["NÃO AVISADOS 1", "EM PREPARO 1", "PAGOS 1", "A PAGAR 1"]
            top = at.page.list.visualRect(at.page.model.index(0)).center()
            QTest.mouseClick(at.page.list.viewport(), Qt.MouseButton.LeftButton, pos=top)
            assert len(at.page.orders.ids) == 3
            assert at.page.orders.counts[Tab.NOW] == 4
            QTest.mouseClick(at.page.list.viewport(), Qt.MouseButton.LeftButton, pos=top)
            assert len(at.page.orders.ids) == 4

    arun(story())


@pytest.mark.requirement("C5")
def test_a_row_that_arrives_never_takes_a_click_meant_for_another(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            aimed, paid = orders(at, "in_preparation", "paid")
            await at.see(aimed, paid)
            where = at.button(paid)
            hover(at, where)
            newcomer = replace(at.shop.order(140, "+5573999540099"), status="ready")
            await at.shop.core.watcher.store_and_notify(newcomer)
            await wait_until(at.page.area.pill.isVisible)
            assert at.page.area.pill.text() == "1 novo ↓"
            assert at.button(paid) == where
            QTest.mouseClick(at.page.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
            await wait_until(lambda: (row := at.row(paid)) and row.order.status == "in_preparation")
            await at.shop.pass_time(seconds=2)
            at.page.list.pointer.look()
            await wait_until(lambda: at.row(newcomer))
            assert not at.page.area.pill.isVisible()
            # The rows have just moved under the resting pointer: this click was meant for what was there.
            QTest.mouseClick(at.page.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
            await for_a_while()
            rows = [at.row(order) for order in (aimed, paid, newcomer)]
            assert [row and row.order.status for row in rows] == ["in_preparation", "in_preparation", "ready"]

    arun(story())


@pytest.mark.requirement("C5")
def test_a_newcomer_stands_at_the_end_of_its_group(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            first, second = orders(at, "paid", "paid")
            await at.see(first)
            await at.see(replace(second, created_at=at.shop.clock.now()))
            assert at.page.orders.ids == [first.id, second.id]

    arun(story())


@pytest.mark.requirement("C5")
def test_an_order_keeps_its_choice_as_it_moves_to_another_group(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            first, second = orders(at, "in_preparation", "in_preparation")
            await at.see(first, second)
            at.page.list.choose(second.id)
            at.press(ENTER)
            await wait_until(lambda: at.page.orders.ids == [second.id, first.id])
            assert at.page.list.current_order == second.id

    arun(story())


@pytest.mark.requirement("C2")
def test_a_second_enter_within_a_moment_takes_no_step(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            (order,) = orders(at, "in_preparation")
            await at.see(order)
            at.page.list.choose(order.id)
            at.press(ENTER)
            await wait_until(lambda: (row := at.row(order)) and row.order.status == "ready")
            at.press(ENTER)
            await for_a_while()
            row = at.row(order)
            assert row is not None
            assert row.order.status == "ready"
            await at.rest()
            at.press(ENTER)
            await wait_until(lambda: at.page.orders.counts[Tab.DONE] == 1)

    arun(story())


@pytest.mark.requirement("C5")
def test_arrows_skip_headings_and_sideways_change_the_tab(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            ready, paid = orders(at, "ready", "paid")
            await at.see(ready, paid)
            at.page.list.setFocus()
            at.press(Qt.Key.Key_Down)
            assert at.page.list.current_order == ready.id
            at.press(Qt.Key.Key_Down)
            assert at.page.list.current_order == paid.id
            at.press(Qt.Key.Key_Up, Qt.Key.Key_Home)
            assert at.page.list.current_order == ready.id
            tabs = []
            for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
                at.press(key)
                tabs.append(at.page.orders.tab)
            assert tabs == [Tab.UNTOLD, Tab.NOW, Tab.NOW]

    arun(story())


@pytest.mark.requirement("C5")
def test_no_letter_moves_the_choice(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            first, second = orders(at, "paid", "paid")
            await at.see(first, second)
            at.page.list.choose(first.id)
            at.press("bdfghpx")
            assert at.page.list.current_order == first.id

    arun(story())


@pytest.mark.requirement("C5")
def test_search_looks_over_all_tabs_and_offers_other_days(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            done, paid = orders(at, "completed", "paid")
            await at.see(paid)
            await at.shop.core.watcher.store_and_notify(done)
            at.page.tabs.choose(Tab.READY)
            at.page.toolbar.to_search()
            at.press("12", on=at.page.search)
            await wait_until(lambda: headings(at) == ["PAGOS 1", "CONCLUÍDOS 1"])
            at.press("9", on=at.page.search)
            await wait_until(at.page.area.not_in_period.isVisible)
            at.page.area.not_in_period.button.click()
            await wait_until(lambda: at.page.orders.covers_all_days)
            at.press(Qt.Key.Key_Escape, on=at.page.search)
            assert at.page.search.text() == ""

    arun(story())


@pytest.mark.requirement("C3")
def test_f4_goes_from_one_untold_order_to_the_next(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            at.shop.messenger.outcomes += [Rejected(RejectionKind.REFUSED)] * 2
            first, second = orders(at, "paid", "paid")
            await at.see(first, second)
            await wait_until(lambda: at.page.orders.counts[Tab.UNTOLD] == 2)
            for expected in (first, second, first):
                at.page.next_untold()
                assert at.page.list.current_order == expected.id

    arun(story())

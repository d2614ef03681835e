"""Rush of a Saturday: sixty orders in a minute, worked off by keys and by mouse while others arrive."""

import asyncio
import random  # noqa: TID251 - chance with a seed
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.attempt import Rejected, RejectionKind
from app.domain.identifiers import OrderId
from app.domain.order import Order
from app.domain.untold import UntoldStep
from app.services.orders.board_row import STATUS_AFTER, BoardRow, Step
from app.ui.theme import Theme
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop

ORDERS = 60
# Of so many messages one is refused by WhatsApp, so that its order needs another step.
REFUSED_EVERY = 13


@dataclass
class Cashier:
    """Works off the list from the top, and remembers what each order should have become."""

    at: WindowShopHarness
    chance: random.Random
    meant: dict[OrderId, str] = field(default_factory=dict)
    misses: int = 0
    last: OrderId | None = None

    async def arrive(self, number: int) -> None:
        """Let an order arrive without waiting for the list to show it."""
        order: Order = replace(
            self.at.shop.order(number, f"+5573999{number:06d}"), created_at=self.at.shop.clock.now()
        )
        self.meant[order.id] = "paid"
        await self.at.shop.core.watcher.store_and_notify(order)

    def target(self) -> BoardRow | None:
        """Return a row in sight with a step; a cashier does not always take the first."""
        model, view = self.at.page.model, self.at.page.list
        places = [place for place in range(model.rowCount()) if model.order_id(place)]
        rows = [
            row
            for place in places
            if view.visualRect(model.index(place)).intersects(view.viewport().rect())
            and (row := model.row(place))
            and row.next_step
            and row.order.id != self.last
        ]
        return self.chance.choice(rows[:6]) if rows else None

    async def settle(self, row: BoardRow) -> None:
        """Let the second of the rush pass, and note what the step made of its order.

        A click on rows that have just moved takes no step: a miss, never a hit of another order.
        """
        self.last, step = row.order.id, row.next_step
        await self.at.shop.pass_time(seconds=0.6)
        await for_a_while(40)
        if isinstance(step, Step):
            kept = (await self.at.shop.core.board.orders([row.order.id]))[row.order.id]
            self.misses += kept.status != STATUS_AFTER[step]
            self.meant[row.order.id] = kept.status
        else:
            assert step is UntoldStep.TRY_AGAIN

    async def by_mouse(self, arrives: Callable[[], Awaitable[None]]) -> None:
        """Aim at a row's button; another order arrives before the click."""
        row = self.target()
        if row is None:
            await arrives()
            return
        where, viewport = QPointF(self.at.button(row.order)), self.at.page.list.viewport()
        free, none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(viewport, QMouseEvent(QEvent.Type.MouseMove, where, where, free, free, none))
        await arrives()
        await self.at.shop.pass_time(seconds=0.4)
        await for_a_while(20)
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=where.toPoint())
        await self.settle(row)
        self.at.page.list.pointer.leave()

    async def by_keys(self, arrives: Callable[[], Awaitable[None]]) -> None:
        """Type an order's number and Enter; another order arrives before the second Enter."""
        row = self.target()
        if row is None:
            await arrives()
            return
        self.at.page.list.setFocus()
        self.at.press(str(row.order.number), Qt.Key.Key_Return)
        await arrives()
        await for_a_while(20)
        self.at.press(Qt.Key.Key_Return)
        await self.settle(row)


@pytest.mark.requirement("C2", "C5")
@pytest.mark.parametrize("hand", ["mouse", "keys"])
def test_in_a_rush_no_step_hits_another_order(
    theme: Theme, qloop: asyncio.AbstractEventLoop, hand: str
) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            at.window.resize(1366, 690)
            outcomes = at.shop.messenger.outcomes
            cashier = Cashier(at, random.Random(hand))  # noqa: S311 - nothing secret
            work = cashier.by_mouse if hand == "mouse" else cashier.by_keys
            for number in range(1, 4):
                await cashier.arrive(number)
            await wait_until(lambda: len(at.page.orders.ids) == 3)
            for number in range(4, ORDERS + 1):
                if number % REFUSED_EVERY == 0:
                    outcomes.append(Rejected(RejectionKind.REFUSED, 479))
                await work(lambda number=number: cashier.arrive(number))  # type: ignore[misc]
            await at.shop.pass_time(minutes=1)
            kept = await at.shop.core.board.orders(list(cashier.meant))
            assert {key: order.status for key, order in kept.items()} == cashier.meant
            assert cashier.misses < ORDERS // 6
            rows = await at.shop.core.board.rows(list(cashier.meant))
            assert [row for row in rows if row.untold and row.untold_reason is None] == []

    # Longer than the other stories: sixty seconds of work.
    qloop.run_until_complete(asyncio.wait_for(story(), 60))

"""Acts on an order by its row: the next step, and those that have a key of their own."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.domain.identifiers import OrderId
from app.domain.untold import UntoldStep
from app.services.orders.board_row import STATUS_AFTER, BoardRow, Step
from app.ui.orders.order_act import OrderAct
from app.ui.page_context import PageContext

LOCKED_FOR: Final = timedelta(seconds=1.5)


class OrderActs(QObject):
    """Carries acts out on the order as it is now; the row on the screen may be outdated.

    After a step the same order takes no other one for a moment, unless it is chosen anew: a second Enter, or the second
    half of a double click, was meant for the first.
    """

    pane_step_requested = Signal(object, object)
    """Carries an UntoldStep that the detail pane carries out, and the BoardRow."""
    pane_act_requested = Signal(object, object)
    """Carries an OrderAct that the detail pane carries out, and the BoardRow."""

    def __init__(self, context: PageContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._locked: OrderId | None = None
        self._locked_at = timedelta()
        telling = context.core.telling
        self._sending: Mapping[UntoldStep, Callable[[OrderId], Awaitable[object]]] = {
            UntoldStep.SEND: telling.send_again,
            UntoldStep.TRY_AGAIN: telling.send_again,
            UntoldStep.ALREADY_TOLD: telling.mark_told,
        }

    def unlock(self, order_id: OrderId) -> None:
        """End the lock of another order: a person has chosen this one."""
        if order_id != self._locked:
            self._locked = None

    def take_step(self, order_id: OrderId) -> None:
        """Take the order's next step, as its button says."""
        if not self._is_locked(order_id):
            self._lock(order_id)
            self._context.runner.start(self._take_step(order_id))

    def advance(self, order_id: OrderId) -> None:
        """Advance the order, regardless of the present stage's message."""
        if not self._is_locked(order_id):
            self._lock(order_id)
            self._context.runner.start(self._advance(order_id))

    def act(self, act: OrderAct, order_id: OrderId) -> None:
        """Carry out an act; the pane carries out those that show or ask something."""
        if act is OrderAct.STEP_BACK:
            self._context.runner.start(self._context.core.orders.step_back(order_id))
        else:
            self._context.runner.start(self._act(act, order_id))

    def take_untold_step(self, step: UntoldStep, row: BoardRow) -> None:
        """Take a step that ends the order's being untold, or have the pane lead there."""
        if sending := self._sending.get(step):
            self._context.runner.start(_awaited(sending(row.order.id)))
        else:
            self.pane_step_requested.emit(step, row)

    async def _take_step(self, order_id: OrderId) -> None:
        row = await self._row(order_id)
        step = row.next_step if row else None
        if row and isinstance(step, UntoldStep):
            self.take_untold_step(step, row)
        elif isinstance(step, Step):
            await self._context.core.orders.advance(order_id, STATUS_AFTER[step])

    async def _advance(self, order_id: OrderId) -> None:
        row = await self._row(order_id)
        if row and row.advance:
            await self._context.core.orders.advance(order_id, STATUS_AFTER[row.advance])

    async def _act(self, act: OrderAct, order_id: OrderId) -> None:
        row = await self._row(order_id)
        if row is None:
            return
        if act is OrderAct.RETRY:
            if row.can_retry:
                await self._context.core.telling.send_again(order_id)
        elif act is OrderAct.ALREADY_TOLD:
            await self._context.core.telling.mark_told(order_id)
        else:
            self.pane_act_requested.emit(act, row)

    async def _row(self, order_id: OrderId) -> BoardRow | None:
        """Fetch the current row: the one on the screen may be outdated."""
        found = await self._context.core.board.rows([order_id])
        return found[0] if found else None

    def _lock(self, order_id: OrderId) -> None:
        self._locked, self._locked_at = order_id, self._context.core.clock.elapsed()

    def _is_locked(self, order_id: OrderId) -> bool:
        return order_id == self._locked and self._context.core.clock.elapsed() - self._locked_at < LOCKED_FOR


async def _awaited(act: Awaitable[object]) -> None:
    await act

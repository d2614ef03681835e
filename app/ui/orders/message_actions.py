"""Actions on an order's messages beyond its next step."""

from PySide6.QtWidgets import QWidget

from app.domain.notification import Notification
from app.services.messaging.records import NotificationRequest
from app.services.orders.board_row import BoardRow
from app.ui.orders.cancel_question import CancelQuestion
from app.ui.orders.custom_message_dialog import CustomMessageDialog
from app.ui.orders.resend_question import ResendQuestion, resendable
from app.ui.orders.till_receipt_dialog import TillReceiptDialog
from app.ui.page_context import PageContext


class MessageActions:
    """Actions and their dialogs; `window` is the dialogs' parent."""

    def __init__(self, context: PageContext, window: QWidget) -> None:
        self._context, self._window = context, window

    def settle_doubt(self, row: BoardRow, *, arrived: bool) -> None:
        if row.present:
            last = row.present.notification.id
            self._context.runner.start(self._context.core.queue.settle_doubt(last, arrived=arrived))

    def ask_resend(self, row: BoardRow) -> None:
        if last := resendable(row):
            question = ResendQuestion(row, last, self._context.theme, self._window)
            question.agreed.clicked.connect(lambda: self._context.runner.start(self._resend(last)))
            question.finished.connect(question.deleteLater)
            question.open()

    def ask_cancel(self, row: BoardRow) -> None:
        question = CancelQuestion(row, self._context.theme, self._window)
        question.agreed.clicked.connect(
            lambda: self._context.runner.start(self._context.core.orders.advance(row.order.id, "cancelled"))
        )
        question.finished.connect(question.deleteLater)
        question.open()

    def write(self, row: BoardRow) -> None:
        CustomMessageDialog(self._context, row.order, self._window).open()

    def show_receipt(self, row: BoardRow) -> None:
        TillReceiptDialog(self._context, row.order, self._window).open()

    async def _resend(self, last: Notification) -> None:
        if last.order_id:
            result = await self._context.core.messages.resend(NotificationRequest(last.order_id, last.type))
            if result.trouble:
                raise result.trouble

"""Hand-over of an order's message: its text is copied and WhatsApp opened with it (C7)."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.domain.identifiers import OrderId
from app.ui.page_context import PageContext


class ManualSending(QObject):
    """Hands a message over to a person; `say` shows what has happened."""

    def __init__(self, context: PageContext, say: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._say = context, say

    def start(self, order_id: OrderId) -> None:
        self._context.runner.start(self._hand_over(order_id))

    async def _hand_over(self, order_id: OrderId) -> None:
        # Marked before the link opens: what a person may have sent is never sent by the queue as well.
        handed = await self._context.core.telling.hand_over(order_id)
        QGuiApplication.clipboard().setText(handed.text)
        if self._context.training:
            self._say(self.tr("Treinamento: o texto foi copiado; o WhatsApp não abre."))
        elif self._context.open_link(handed.link):
            self._say(
                self.tr("O WhatsApp abriu com o texto pronto: é só enviar. O texto também foi copiado.")
            )
        else:
            self._say(self.tr("O texto foi copiado: cole na conversa do cliente no WhatsApp."))

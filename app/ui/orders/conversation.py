"""Conversation of the selected order as one thread, with quick answers and replies of other numbers (C4)."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.customer_reply import CustomerReply
from app.domain.errors import CocoLokoError
from app.domain.identifiers import OrderId
from app.domain.phone import NO_PHONE, Phone
from app.services.orders.order_board import OrderDetail
from app.ui.orders.answer_box import AnswerBox
from app.ui.orders.message_bubble import MessageBubble
from app.ui.orders.quick_answers import QuickAnswers
from app.ui.orders.status_chip import HoldOf
from app.ui.orders.thread import BubbleView, thread_of
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel
from app.ui.wrapped_label import WrappedLabel

PAGE: Final = 50
"""Bubbles shown at first; each click on "Ver anteriores" shows as many more."""


class Conversation(QWidget):
    """Thread of bubbles; `answer_box` stands where the pane places it, if the customer wrote (`answerable`).

    A refresh keeps the typed answer; only selecting another order clears it.
    """

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._order_id: OrderId | None = None
        self._views: Sequence[BubbleView] = ()
        self._limit = PAGE
        self._stranger: CustomerReply | None = None
        self.bubbles: list[MessageBubble] = []
        self.answerable = False
        self.setAccessibleName(self.tr("Conversa deste pedido"))
        self.answer_box = AnswerBox(context.theme, context.sentences)
        self.quick = QuickAnswers()
        self.older = self._plain(self.tr("Ver anteriores"))
        self.seen = self._plain(self.tr("Marcar como lida"))
        self.nothing = PlainLabel(self.tr("Nenhuma mensagem ainda."))
        self.nothing.setProperty("role", "muted")
        self.other, self.use = WrappedLabel(role="note"), QPushButton(self.tr("Usar este número"))
        self._thread = QVBoxLayout()
        self._thread.setSpacing(6)
        self._build_layout()
        self.older.clicked.connect(self._show_older)
        self.seen.clicked.connect(self._mark_read)
        self.use.clicked.connect(self._use_number)
        self.quick.chosen.connect(self.answer_box.propose)
        self.answer_box.submitted.connect(self._submit)
        context.theme.changed.connect(self._apply_theme)

    @property
    def shown(self) -> Sequence[BubbleView]:
        """The bubbles on the screen, oldest first."""
        return self._views[-self._limit :]

    def show_detail(self, detail: OrderDetail, hold: HoldOf) -> None:
        """Show the order's thread, unread words of the customer highlighted."""
        if detail.row.order.id != self._order_id:
            self._order_id, self._limit = detail.row.order.id, PAGE
            self.answer_box.clear()
        self._show(thread_of(detail, hold, self._context))
        self.seen.setVisible(any(reply.read_at is None for reply in detail.replies))
        theirs = any(reply not in detail.others for reply in detail.replies)
        self.answerable = theirs and detail.phone is not None
        self.answer_box.setVisible(self.answerable)
        self.quick.setVisible(self.answerable)
        asking = [reply for reply in detail.others if not reply.gone]
        self._show_stranger(asking[-1] if asking else None, detail.asker)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for bubble in self.bubbles:
            bubble.fit(event.size().width())

    def _show(self, views: Sequence[BubbleView]) -> None:
        before = self.shown if len(self.bubbles) == len(self.shown) else ()
        self._views = views
        shown = self.shown
        while len(self.bubbles) < len(shown):
            self.bubbles.append(MessageBubble(self._context.theme))
            self._thread.addWidget(self.bubbles[-1])
        for bubble in self.bubbles[len(shown) :]:
            self._thread.removeWidget(bubble)
            bubble.deleteLater()
        del self.bubbles[len(shown) :]
        for at, (bubble, view) in enumerate(zip(self.bubbles, shown, strict=True)):
            if at >= len(before) or before[at] != view:
                bubble.show_view(view, self.width())
        self.older.setVisible(len(views) > len(shown))
        self.nothing.setVisible(not views)

    def _show_older(self) -> None:
        views, self._limit = self._views, self._limit + PAGE
        self._show(views)

    def _show_stranger(self, reply: CustomerReply | None, name: str) -> None:
        """Show a reply from another number; it gets no part of the order until a person agrees."""
        self._stranger = reply if reply and reply.phone != NO_PHONE else None
        if self._stranger and isinstance(self._stranger.phone, Phone):
            words = self.tr("Outro número pergunta por este pedido: {number}. Nada muda até você decidir.")
            self.other.setText(words.format(number=self._stranger.phone.masked))
            self.use.setText(self.tr("Usar este número"))
        else:
            words = self.tr("Um número oculto{name} pergunta por este pedido. Nada muda até você decidir.")
            self.other.setText(words.format(name=f" ({name})" if name else ""))
            self.use.setText(self.tr("É deste cliente"))
        self.other.setVisible(reply is not None)
        self.use.setVisible(self._stranger is not None)

    def _use_number(self) -> None:
        if self._order_id and self._stranger:
            given = self._context.core.claims.use_number(self._order_id, self._stranger.message_id)
            self._context.runner.start(given, partial(self._refused, self._order_id))

    def _submit(self, text: str) -> None:
        if self._order_id:
            sending = self._send(self._order_id, text)
            self._context.runner.start(sending, partial(self._refused, self._order_id))

    async def _send(self, order_id: OrderId, text: str) -> None:
        inbox = self._context.core.inbox
        result = await inbox.answer(order_id, text)
        if result.trouble:
            raise result.trouble
        if order_id == self._order_id:
            self.answer_box.clear()
        await inbox.mark_read(order_id)

    def _refused(self, order_id: OrderId, error: CocoLokoError) -> bool:
        """Show the error here only while its order is shown."""
        if order_id != self._order_id or self.answer_box.isHidden():
            return False
        return self.answer_box.show_error(error)

    def _mark_read(self) -> None:
        if self._order_id:
            self._context.runner.start(self._read(self._order_id))

    async def _read(self, order_id: OrderId) -> None:
        await self._context.core.inbox.mark_read(order_id)

    def _apply_theme(self) -> None:
        for bubble in self.bubbles:
            bubble.apply_theme()

    def _build_layout(self) -> None:
        heading, top, asking = PlainLabel(self.tr("Conversa")), QHBoxLayout(), QHBoxLayout()
        heading.setProperty("role", "overline")
        top.addWidget(heading, 1)
        top.addWidget(self.seen)
        asking.addStretch(1)
        asking.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.nothing)
        layout.addWidget(self.older)
        layout.addLayout(self._thread)
        layout.addWidget(self.quick)
        layout.addWidget(self.other)
        layout.addLayout(asking)

    @staticmethod
    def _plain(words: str) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("role", "plain")
        return button

"""Customer replies to the selected order, with a field for an answer."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.customer_reply import EDITED_ELSEWHERE, CustomerReply
from app.domain.errors import CocoLokoError
from app.domain.identifiers import OrderId
from app.domain.phone import NO_PHONE, Phone
from app.domain.visible_text import is_blank
from app.ui.fault_label import FaultLabel
from app.ui.language import hour
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel

# A customer may write a very long text, which would fill the pane.
_LONGEST = 600


class Replies(QWidget):
    """Replies and answer field, hidden without replies.

    A refresh keeps the typed answer; only selecting another order clears it.
    """

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._order_id: OrderId | None = None
        self.lines: list[QLabel] = []
        self.setAccessibleName(self.tr("Respostas do cliente"))
        heading = self._label(self.tr("O cliente escreveu"), "overline")
        self.answer, self.fault = QLineEdit(), FaultLabel(context.sentences)
        self.answer.setPlaceholderText(self.tr("Responder…"))
        self.answer.setAccessibleName(self.tr("Resposta ao cliente"))
        self.send, self.seen = QPushButton(self.tr("Responder")), QPushButton(self.tr("Marcar como lida"))
        self.seen.setProperty("role", "plain")
        self.other, self.use = self._label("", "note"), QPushButton(self.tr("Usar este número"))
        self._stranger: CustomerReply | None = None
        self.send.setEnabled(False)
        self._texts = QVBoxLayout()
        self._texts.setSpacing(4)
        self._build_layout(heading)
        self.answer.textChanged.connect(self._typed)
        self.answer.returnPressed.connect(self.submit)
        self.send.clicked.connect(self.submit)
        self.seen.clicked.connect(self._mark_read)
        self.use.clicked.connect(self._use_number)
        self.hide()

    def show_replies(
        self,
        order_id: OrderId,
        replies: Sequence[CustomerReply],
        others: Sequence[CustomerReply] = (),
        asker: str = "",
    ) -> None:
        """Show the replies, oldest first, unread ones highlighted; `others` are those of another customer.

        `asker` is the username of the latest of them, if the number is hidden.
        """
        if order_id != self._order_id:
            self._order_id = order_id
            self.answer.clear()
            self.fault.hide()
        for label in self.lines:
            self._texts.removeWidget(label)
            label.deleteLater()
        self.lines = [self._line(reply) for reply in replies]
        for label in self.lines:
            self._texts.addWidget(label)
        self.seen.setVisible(any(reply.read_at is None for reply in replies))
        self.setVisible(bool(replies))
        asking = [reply for reply in others if not reply.gone]
        self._show_stranger(asking[-1] if asking else None, asker)

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

    def _build_layout(self, heading: QLabel) -> None:
        bottom, actions = QHBoxLayout(), QHBoxLayout()
        actions.addStretch(1)
        for button in (self.use, self.seen):
            actions.addWidget(button)
        bottom.addWidget(self.answer, 1)
        bottom.addWidget(self.send)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading)
        layout.addLayout(self._texts)
        layout.addWidget(self.other)
        layout.addLayout(actions)
        layout.addWidget(self.fault)
        layout.addLayout(bottom)

    def submit(self) -> None:
        if self._order_id and self.send.isEnabled():
            self.send.setEnabled(False)
            sending = self._send(self._order_id, self.answer.text().strip())
            self._context.runner.start(sending, partial(self._refused, self._order_id))

    async def _send(self, order_id: OrderId, text: str) -> None:
        inbox = self._context.core.inbox
        result = await inbox.answer(order_id, text)
        if result.trouble:
            raise result.trouble
        if order_id == self._order_id:
            self.answer.clear()
        await inbox.mark_read(order_id)

    def _refused(self, order_id: OrderId, error: CocoLokoError) -> bool:
        """Show the error here only while its order is shown."""
        if order_id != self._order_id:
            return False
        self.send.setEnabled(not is_blank(self.answer.text()))
        return self.fault.show_error(error)

    def _mark_read(self) -> None:
        if self._order_id:
            self._context.runner.start(self._read(self._order_id))

    async def _read(self, order_id: OrderId) -> None:
        await self._context.core.inbox.mark_read(order_id)

    def _typed(self, text: str) -> None:
        self.send.setEnabled(not is_blank(text))
        self.fault.hide()

    def _line(self, reply: CustomerReply) -> QLabel:
        text = self._context.sentences.of_reply(reply)
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        if reply.edited and reply.kind != EDITED_ELSEWHERE:
            shown = f"{shown} {self._context.sentences.say('replies', 'edited')}"
        label = self._label(f"{hour(reply.received_at)}  {shown}", "note" if reply.read_at is None else "")
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    @staticmethod
    def _label(words: str, role: str) -> QLabel:
        label = PlainLabel(words)
        label.setWordWrap(True)
        label.setProperty("role", role)
        return label

"""The bar under the orders by which a click can be taken back while its message still waits."""

from datetime import timedelta
from math import ceil

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.domain.events import Event, NotificationChanged, NotificationQueued
from app.domain.identifiers import NotificationId, OrderId
from app.domain.notification import Notification, State
from app.ui.orders.status_chip import stage_word
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel

_TICK_MILLISECONDS = 200


class UndoBar(QFrame):
    """Shows the newest click; what is taken back is the message, the order keeps its status (Q7)."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._waiting: dict[NotificationId, Notification] = {}
        self._numbers: dict[OrderId | None, int] = {}
        self.setProperty("role", "toast")
        self.words, self.button = PlainLabel(), QPushButton(self.tr("Desfazer  Ctrl+Z"))
        self.button.clicked.connect(self.undo)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(16)
        layout.addWidget(self.words)
        layout.addWidget(self.button)
        # To the left: a second click on the button of the lowest row must not strike this one.
        layout.addStretch(1)
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK_MILLISECONDS)
        self._ticks.timeout.connect(self._look)
        context.bridge.event_arrived.connect(self._take_in)
        self.hide()

    def undo(self) -> None:
        """Take back the newest click; whoever is too late reads so across the window."""
        if self._waiting:
            newest, _ = self._waiting.popitem()
            self._context.runner.start(self._context.core.queue.undo(newest))
            self._look()

    def _take_in(self, event: Event) -> None:
        match event:
            case NotificationQueued(clicked, by_click=True) if self._left(clicked) and clicked.order_id:
                self._waiting.pop(clicked.id, None)
                self._waiting[clicked.id] = clicked
                self._context.runner.start(self._introduce(clicked.order_id))
            case NotificationChanged(moved) if moved.id in self._waiting:
                self._waiting[moved.id] = moved
                self._look()

    async def _introduce(self, order_id: OrderId) -> None:
        known = await self._context.core.board.orders([order_id])
        self._numbers |= {order.id: order.number for order in known.values()}
        self._look()
        if self.isVisible():
            self.setAccessibleName(self.words.text())
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _look(self) -> None:
        self._waiting = {key: row for key, row in self._waiting.items() if self._left(row)}
        newest = next(reversed(self._waiting.values()), None)
        if newest is None:
            self._ticks.stop()
            self._numbers.clear()
        elif not self._ticks.isActive():
            self._ticks.start()
        number = self._numbers.get(newest.order_id) if newest else None
        if newest and number is not None:
            self.words.setText(self._said(newest, number))
        self.setVisible(number is not None)

    def _left(self, row: Notification) -> timedelta | None:
        """How long it can be taken back; None when it cannot any more."""
        left = row.scheduled_at - self._context.core.clock.now()
        return left if row.state is State.PENDING and row.lease is None and left > timedelta(0) else None

    def _said(self, newest: Notification, number: int) -> str:
        left = self._left(newest) or timedelta(0)
        said = self.tr("Avisando “{stage}” #{number} em {seconds} s…").format(
            stage=stage_word(newest.type).lower(), number=number, seconds=ceil(left.total_seconds())
        )
        others = len(self._waiting) - 1
        return self.tr("{said} e mais {others}").format(said=said, others=others) if others else said

"""Undo bar: takes back a click while its message is still pending."""

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
    """Bar for the newest click; undo cancels the message, the order keeps its status (Q7)."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._undoable: dict[NotificationId, Notification] = {}
        self._numbers: dict[OrderId | None, int] = {}
        self.setProperty("role", "toast")
        self.words, self.button = PlainLabel(), QPushButton(self.tr("Desfazer  Ctrl+Z"))
        self.button.clicked.connect(self.undo)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(16)
        layout.addWidget(self.words)
        layout.addWidget(self.button)
        # Aligned left: a second click on the button of the lowest row must not hit this one.
        layout.addStretch(1)
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK_MILLISECONDS)
        self._ticks.timeout.connect(self._refresh)
        context.bridge.event_arrived.connect(self._track_message)
        self.hide()

    def undo(self) -> None:
        """Undo the newest click; if it is too late, the window shows a notice."""
        if self._undoable:
            newest, _ = self._undoable.popitem()
            self._context.runner.start(self._context.core.queue.undo(newest))
            self._refresh()

    def _track_message(self, event: Event) -> None:
        match event:
            case NotificationQueued(clicked, by_click=True) if self._time_left(clicked) and clicked.order_id:
                self._undoable.pop(clicked.id, None)
                self._undoable[clicked.id] = clicked
                self._context.runner.start(self._announce(clicked.order_id))
            case NotificationChanged(moved) if moved.id in self._undoable:
                self._undoable[moved.id] = moved
                self._refresh()

    async def _announce(self, order_id: OrderId) -> None:
        known = await self._context.core.board.orders([order_id])
        self._numbers |= {order.id: order.number for order in known.values()}
        self._refresh()
        if self.isVisible():
            self.setAccessibleName(self.words.text())
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _refresh(self) -> None:
        self._undoable = {key: row for key, row in self._undoable.items() if self._time_left(row)}
        newest = next(reversed(self._undoable.values()), None)
        if newest is None:
            self._ticks.stop()
            self._numbers.clear()
        elif not self._ticks.isActive():
            self._ticks.start()
        number = self._numbers.get(newest.order_id) if newest else None
        if newest and number is not None:
            self.words.setText(self._text(newest, number))
        self.setVisible(number is not None)

    def _time_left(self, row: Notification) -> timedelta | None:
        """Return the remaining time for undo, None if it is over."""
        left = row.scheduled_at - self._context.core.clock.now()
        return left if row.state is State.PENDING and row.lease is None and left > timedelta(0) else None

    def _text(self, newest: Notification, number: int) -> str:
        left = self._time_left(newest) or timedelta(0)
        said = self.tr("Avisando “{stage}” #{number} em {seconds} s…").format(
            stage=stage_word(newest.type).lower(), number=number, seconds=ceil(left.total_seconds())
        )
        others = len(self._undoable) - 1
        return self.tr("{said} e mais {others}").format(said=said, others=others) if others else said

"""Undo bar: takes back a step or a click while its message has not left."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import ceil

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.domain.events import Event, NotificationChanged, NotificationQueued, OrderStepTaken
from app.domain.identifiers import NotificationId
from app.domain.notification import Notification, State
from app.domain.order_step import OrderStep
from app.ui.orders.order_text import word_of_status
from app.ui.orders.status_chip import stage_word
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel

_TICK_MILLISECONDS = 200


@dataclass(frozen=True, slots=True)
class _Undoable:
    """Act that can be undone until a moment; `message` is what it queued."""

    about: str
    until: datetime
    message: NotificationId | None
    undo: Callable[[], Awaitable[object]]


class UndoBar(QFrame):
    """Bar for the latest act: undo restores the order's status and cancels the message (Q7)."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._acts: list[_Undoable] = []
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
        context.bridge.event_arrived.connect(self._track)
        self.hide()

    def undo(self) -> None:
        """Undo the latest act; if it is too late, the window shows a notice."""
        self._drop_expired()
        if self._acts:
            self._context.runner.start(_awaited(self._acts.pop().undo))
            self._refresh()

    def _track(self, event: Event) -> None:
        match event:
            case OrderStepTaken(step):
                self._add_step(step)
            case NotificationQueued(clicked, by_click=True) if clicked.order_id:
                self._context.runner.start(self._add_message(clicked))
            case NotificationChanged(moved) if moved.state is not State.PENDING or moved.lease:
                self._acts = [act for act in self._acts if act.message != moved.id]
                self._refresh()

    def _add_step(self, step: OrderStep) -> None:
        said = f"#{step.number} {word_of_status(step.after).lower()}"
        undo = partial(self._context.core.orders.undo, step)
        self._add(_Undoable(said, step.undo_until, step.message, undo))

    async def _add_message(self, clicked: Notification) -> None:
        """Add a message that a person sent again; one that belongs to a step is undone with it."""
        known = await self._context.core.board.orders([clicked.order_id] if clicked.order_id else [])
        if any(act.message == clicked.id for act in self._acts):
            return
        for order in known.values():
            said = self.tr("#{number} “{stage}” de novo").format(
                number=order.number, stage=stage_word(clicked.type).lower()
            )
            undo = partial(self._context.core.queue.undo, clicked.id)
            self._add(_Undoable(said, clicked.scheduled_at, clicked.id, undo))

    def _add(self, act: _Undoable) -> None:
        self._acts.append(act)
        self._refresh()
        if self.isVisible():
            self.setAccessibleName(self.words.text())
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _drop_expired(self) -> None:
        self._acts = [act for act in self._acts if self._time_left(act) > timedelta(0)]

    def _refresh(self) -> None:
        self._drop_expired()
        if self._acts:
            self.words.setText(self._text(self._acts[-1]))
        if self._acts and not self._ticks.isActive():
            self._ticks.start()
        elif not self._acts:
            self._ticks.stop()
        self.setVisible(bool(self._acts))

    def _time_left(self, act: _Undoable) -> timedelta:
        return act.until - self._context.core.clock.now()

    def _text(self, act: _Undoable) -> str:
        """Return the act, and when its customer hears of it."""
        seconds, said = ceil(self._time_left(act).total_seconds()), act.about
        if act.message and self._is_sent_soon():
            said = self.tr("{said}, cliente recebe em {seconds} s").format(said=said, seconds=seconds)
        elif act.message:
            said = self.tr("{said}, aviso guardado").format(said=said)
        others = len(self._acts) - 1
        return self.tr("{said} (e mais {others})").format(said=said, others=others) if others else said

    def _is_sent_soon(self) -> bool:
        """Whether the queue sends now: it is not paused, and a number is connected."""
        core = self._context.core
        connected = any(status.is_connected for status in core.sessions.statuses())
        return connected and not core.queue.paused


async def _awaited(undo: Callable[[], Awaitable[object]]) -> None:
    await undo()

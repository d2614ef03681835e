"""Counters of the queue: waiting, delivered today, failed."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.notification import UNFINISHED, State
from app.ui.coalesced_refresh import CoalescedRefresh
from app.ui.language import midnight
from app.ui.page_context import PageContext
from app.ui.palette import Tone
from app.ui.shown_text import PlainLabel, set_tooltip


class Counters(QWidget):
    """Three labels, queried again after each change of the queue."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._refresh = CoalescedRefresh(context.runner, self._query)
        self.waiting, self.today, self.failed = PlainLabel(), PlainLabel(), PlainLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 16, 0)
        layout.setSpacing(16)
        for label in (self.waiting, self.today, self.failed):
            label.setProperty("role", "muted")
            layout.addWidget(label)
        self._failures = 0
        context.bridge.queue_changed.connect(self._refresh.request)
        context.theme.changed.connect(self._apply_theme)
        self._say(0, 0, 0, paused=False)
        self._refresh.request()

    async def _query(self) -> None:
        stats = await self._context.core.queue.get_queue_stats()
        since = midnight(self._context.core.clock.now())
        today = await self._context.core.board.delivered_since(since)
        waiting = sum(stats.by_state.get(state, 0) for state in UNFINISHED)
        self._say(waiting, today, stats.by_state.get(State.FAILED, 0), paused=stats.paused)

    def _say(self, waiting: int, today: int, failed: int, *, paused: bool) -> None:
        pattern = self.tr("Fila pausada: {count}") if paused else self.tr("Na fila {count}")
        self.waiting.setText(pattern.format(count=waiting))
        self.today.setText(self.tr("Hoje {count} ✓✓").format(count=today))
        set_tooltip(self.today, self.tr("Mensagens entregues hoje"))
        self.failed.setText(self.tr("Falhas {count}").format(count=failed))
        self._failures = failed
        self._apply_theme()

    def _apply_theme(self) -> None:
        bad = self._context.theme.colours_of(Tone.BAD).foreground
        self.failed.setStyleSheet(f"color: {bad}; font-weight: 600;" if self._failures else "")

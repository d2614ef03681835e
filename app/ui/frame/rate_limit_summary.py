"""Summary of a number's rate limits: holds, and first contacts left."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.session import ConnectionStatus
from app.services.text.rate_limit_text import RateLimitText
from app.ui.frame.hold_strips import HoldStrips
from app.ui.frame.usage_gauge import UsageGauge
from app.ui.language import until_words
from app.ui.page_context import PageContext


class RateLimitSummary(QWidget):
    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._words = RateLimitText(
            context.sentences, lambda moment: until_words(moment, context.core.clock.now())
        )
        self.holds, self.gauges = (
            HoldStrips(context.theme),
            [UsageGauge(context.theme, noted=False) for _ in "12"],
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(12)
        for widget in (self.holds, *self.gauges):
            layout.addWidget(widget)

    def show_status(self, status: ConnectionStatus) -> None:
        core = self._context.core
        limits = core.rate_limiters.status(status.session_id)
        readings = self._words.readings(limits)
        self.holds.show_holds(self._words.limits(limits, paused=core.queue.paused))
        for at, shown in enumerate(self.gauges):
            shown.setVisible(at < len(readings))
            if at < len(readings):
                shown.show_reading(readings[at])

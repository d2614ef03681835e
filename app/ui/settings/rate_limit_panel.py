"""Panel of a number's rate limits: remaining allowances, and holds with their end."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.identifiers import SessionId
from app.services.text.rate_limit_text import RateLimitText
from app.ui.frame.hold_strips import HoldStrips
from app.ui.frame.usage_gauge import UsageGauge
from app.ui.language import until_words
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel


class RateLimitPanel(QWidget):
    """Gauges and holds, refreshed when the core reports a change."""

    def __init__(self, context: PageContext, session_id: SessionId, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._session_id = context, session_id
        self._words = RateLimitText(
            context.sentences, lambda moment: until_words(moment, context.core.clock.now())
        )
        self.holds, self.gauges = HoldStrips(context.theme), list[UsageGauge]()
        self._row, self._unlimited = QHBoxLayout(), PlainLabel(context.sentences.say("limits", "no_pace"))
        self._row.setSpacing(32)
        self._unlimited.setProperty("role", "muted")
        heading, rule = PlainLabel(self.tr("Ritmo e limites")), QFrame()
        heading.setProperty("role", "overline")
        rule.setProperty("role", "rule")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (rule, heading, self.holds, self._unlimited):
            layout.addWidget(widget)
        layout.addLayout(self._row)
        context.bridge.rate_limits_changed.connect(self.refresh)
        context.bridge.queue_changed.connect(self.refresh)
        context.theme.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        core = self._context.core
        limits = core.rate_limiters.status(self._session_id)
        readings = self._words.readings(limits)
        self.holds.show_holds(self._words.limits(limits, paused=core.queue.paused))
        self._unlimited.setVisible(not readings)
        while len(self.gauges) < len(readings):
            self.gauges.append(UsageGauge(self._context.theme))
            self._row.addWidget(self.gauges[-1], 1)
        for at, shown in enumerate(self.gauges):
            shown.setVisible(at < len(readings))
            if at < len(readings):
                shown.show_reading(readings[at])

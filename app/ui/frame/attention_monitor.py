"""Monitor of all that needs a person: notices, untold customers, unread replies, and the queue's length."""

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.identifiers import SessionId
from app.domain.notification import UNFINISHED, State
from app.domain.rate_limit import HoldReason
from app.domain.session import ConnectionStatus
from app.services.attention.attention_notices import AttentionNotice, AttentionNotices, NumberCondition
from app.services.orders.attention_counts import AttentionCounts
from app.ui.coalesced_refresh import CoalescedRefresh
from app.ui.language import midnight, until_words
from app.ui.page_context import PageContext

_EVERY_MILLISECONDS = 15_000
_PAUSE_MILLISECONDS = 200
_OF_WHATSAPP = frozenset({HoldReason.COOL_DOWN, HoldReason.COLD_LOCK, HoldReason.NEW_CHAT_CAP})


class AttentionMonitor(QObject):
    """Queries once for strip, header, title, tray and sounds; `changed` is emitted after each query."""

    changed = Signal()
    counted = Signal()
    """The figures were queried anew; `changed` also follows the connection alone."""

    def __init__(self, context: PageContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.texts = AttentionNotices(
            context.sentences, lambda moment: until_words(moment, context.core.clock.now())
        )
        self.notices: list[AttentionNotice] = []
        self.counts, self.has_counted = AttentionCounts(), False
        self.waiting = self.delivered_today = 0
        self.waiting_by_session: Mapping[SessionId, int] = {}
        self._refresh = CoalescedRefresh(context.runner, self._query)
        self._pause, ticks = QTimer(self), QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._refresh.request)
        ticks.setInterval(_EVERY_MILLISECONDS)
        ticks.timeout.connect(self._refresh.request)
        ticks.start()
        bridge = context.bridge
        for signal in (bridge.queue_changed, bridge.orders_changed, bridge.rate_limits_changed):
            signal.connect(self._request_soon)
        bridge.connection_changed.connect(self._say)
        bridge.connection_changed.connect(self._request_soon)
        self._refresh.request()

    def _request_soon(self) -> None:
        """Query after a short pause: a burst of a thousand messages must not query a thousand times."""
        if not self._pause.isActive():
            self._pause.start()

    async def _query(self) -> None:
        core = self._context.core
        since = midnight(core.clock.now())
        stats = await core.queue.get_queue_stats()
        self.delivered_today = await core.board.delivered_since(since)
        self.counts = await core.board.attention(since)
        self.waiting = sum(stats.by_state.get(state, 0) for state in UNFINISHED)
        self.waiting_by_session = {
            session_id: counts.get(State.PENDING, 0) for session_id, counts in stats.by_session.items()
        }
        self.has_counted = True
        self._say()
        self.counted.emit()

    def _say(self) -> None:
        core = self._context.core
        numbers = [self._condition(status) for status in core.sessions.statuses()]
        self.notices = self.texts.of_shop(numbers, paused=core.queue.paused, now=core.clock.now())
        self.changed.emit()

    def _condition(self, status: ConnectionStatus) -> NumberCondition:
        several = len(self._context.core.sessions.ids) > 1
        return NumberCondition(
            status,
            self._context.bridge.loss(status.session_id),
            self.waiting_by_session.get(status.session_id, 0),
            self._limited_until(status.session_id),
            number_name(status) if several else "",
        )

    def _limited_until(self, session_id: SessionId) -> datetime | None:
        holds = self._context.core.rate_limiters.status(session_id).holds
        return max((hold.until for hold in holds if hold.reason in _OF_WHATSAPP), default=None)


def number_name(status: ConnectionStatus) -> str:
    """Return the number's name where several are shown: its masked phone, else its session id."""
    return status.phone.masked if status.phone else status.session_id

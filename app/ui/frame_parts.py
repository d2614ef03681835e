"""Parts of the frame that need the core: strip, counters and connection indicators."""

from collections.abc import Callable
from functools import partial

from app.domain.identifiers import SessionId
from app.ui.frame.attention_monitor import AttentionMonitor
from app.ui.frame.attention_strip import AttentionStrip
from app.ui.frame.connection_indicator import ConnectionButton
from app.ui.frame.counters import Counters
from app.ui.main_window import MainWindow
from app.ui.page_context import PageContext


def add_frame(
    window: MainWindow, context: PageContext, open_pairing: Callable[[SessionId], None]
) -> AttentionMonitor:
    """Add the parts around the pages; `open_pairing` opens the settings of one number."""
    monitor = AttentionMonitor(context, window)
    strip = AttentionStrip(context, monitor)
    indicators = {
        session_id: ConnectionButton(context, session_id) for session_id in context.core.sessions.ids
    }
    for session_id, indicator in indicators.items():
        indicator.pairing_requested.connect(partial(open_pairing, session_id))
        window.header.add(indicator)
    strip.pairing_requested.connect(lambda session_id: open_pairing(SessionId(session_id)))
    strip.details_requested.connect(lambda session_id: indicators[SessionId(session_id)].open())
    window.add_strip(strip)
    window.add_counters(Counters(context))
    return monitor

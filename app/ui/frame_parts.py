"""Parts of the frame that need the core: strip, counts, connection indicator."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence, QShortcut

from app.domain.identifiers import SessionId
from app.ui.frame.attention_monitor import AttentionMonitor
from app.ui.frame.attention_strip import AttentionStrip
from app.ui.frame.connection_indicator import ConnectionButton
from app.ui.frame.count_buttons import CountButtons
from app.ui.frame.mute_button import MuteButton
from app.ui.frame.pause_button import PauseButton
from app.ui.frame.reply_toast import ReplyToast
from app.ui.frame.sound_alarm import SoundAlarm
from app.ui.main_window import MainWindow
from app.ui.page_context import PageContext


@dataclass(frozen=True, slots=True)
class FrameParts:
    """Parts that the pages are connected to."""

    counts: CountButtons
    alarm: SoundAlarm


def add_frame(
    window: MainWindow, context: PageContext, open_pairing: Callable[[SessionId], None]
) -> FrameParts:
    """Add the parts around the pages; `open_pairing` opens the settings of one number."""
    monitor = AttentionMonitor(context, window)
    strip, counts = AttentionStrip(context, monitor), CountButtons(context, monitor)
    lamp = ConnectionButton(context, monitor)
    alarm, pause = SoundAlarm(context, monitor, window), PauseButton(context)
    for widget in (counts, lamp, pause, MuteButton(context, alarm)):
        window.header.add(widget)
    for part in (counts, lamp):
        window.header.room_changed.connect(part.fit)
    lamp.pairing_requested.connect(lambda session_id: open_pairing(SessionId(session_id)))
    strip.pairing_requested.connect(lambda session_id: open_pairing(SessionId(session_id)))
    strip.details_requested.connect(lamp.open)
    window.add_strip(strip)
    ReplyToast(window, context).requested.connect(window.toast_requested)
    monitor.changed.connect(lambda: window.show_counts(*_counted(monitor)))
    larger, smaller = (partial(context.preferences.step_letters, by) for by in (1, -1))
    keys = (
        ("F4", counts.untold_requested),
        ("F8", counts.unread_requested),
        ("F9", pause.toggle),
        ("Ctrl++", larger),
        ("Ctrl+=", larger),
        ("Ctrl+-", smaller),
    )
    for key, slot in keys:
        QShortcut(QKeySequence(key), window).activated.connect(slot)
    counts.untold_requested.connect(alarm.acknowledge_untold)
    return FrameParts(counts, alarm)


def _counted(monitor: AttentionMonitor) -> tuple[int, str]:
    """Return how many need a person, and the words for it."""
    say, counts = QCoreApplication.translate, monitor.counts
    untold = say("frame", "1 não avisado") if counts.untold == 1 else say("frame", "{count} não avisados")
    unread = say("frame", "1 resposta") if counts.unread == 1 else say("frame", "{count} respostas")
    parts = ((untold, counts.untold), (unread, counts.unread))
    return counts.untold + counts.unread, ", ".join(
        text.format(count=count) for text, count in parts if count
    )

"""Strip under the header on every page: the gravest condition that needs a person, with its one button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.services.attention.attention_notices import AttentionNotice, Gravity, NoticeAction
from app.ui.frame.attention_monitor import AttentionMonitor
from app.ui.icons import pixmap
from app.ui.page_context import PageContext
from app.ui.palette import Tone
from app.ui.shown_text import PlainLabel, button_text
from app.ui.wrapped_label import WrappedLabel

_ICON = 20
_ICONS = {
    Gravity.STOPPED: "triangle-alert",
    Gravity.PAUSED: "pause",
    Gravity.RETURNING: "wifi-off",
    Gravity.LIMITED: "hourglass",
}


class AttentionStrip(QFrame):
    """One sentence that wraps, and its button; hidden while all is well."""

    pairing_requested = Signal(str)
    """Carries the session id of the number to pair."""
    details_requested = Signal(str)

    def __init__(
        self, context: PageContext, monitor: AttentionMonitor, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._monitor = context, monitor
        self._notice: AttentionNotice | None = None
        self.setProperty("role", "attention")
        self._icon, self.words, self.button = PlainLabel(), WrappedLabel(), QPushButton()
        self.button.clicked.connect(self._act)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 16, 6)
        layout.setSpacing(12)
        layout.addWidget(self._icon)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()
        monitor.changed.connect(self.refresh)
        context.theme.changed.connect(self._apply_theme)
        self.refresh()

    def refresh(self) -> None:
        notices = self._monitor.notices
        before, self._notice = self._notice, notices[0] if notices else None
        self.setVisible(self._notice is not None)
        if self._notice is None:
            return
        more = f" · {self._monitor.texts.and_more(len(notices) - 1)}" if len(notices) > 1 else ""
        self.words.setText(self._notice.text + more)
        self.button.setText(button_text(self._notice.button))
        self.setAccessibleName(self.words.text())
        self._apply_theme()
        if before is None or (before.gravity, before.action) != (self._notice.gravity, self._notice.action):
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _act(self) -> None:
        notice, core = self._notice, self._context.core
        if notice is None:
            return
        session_id = notice.session_id or core.sessions.ids[0]
        match notice.action:
            case NoticeAction.PAIR:
                self.pairing_requested.emit(session_id)
            case NoticeAction.RECONNECT:
                self._context.runner.start(core.sessions[session_id].reconnect())
            case NoticeAction.RESUME:
                self._context.runner.start(core.queue.resume())
            case NoticeAction.SHOW:
                self.details_requested.emit(session_id)

    def _apply_theme(self) -> None:
        if self._notice is None:
            return
        stopped = self._notice.gravity is Gravity.STOPPED
        shade = "bad" if stopped else "wait"
        if self.property("shade") != shade:
            self.setProperty("shade", shade)
            for widget in (self, self.words, self.button):
                widget.style().unpolish(widget)
                widget.style().polish(widget)
        colour = self._context.theme.colours_of(Tone.BAD if stopped else Tone.WAIT).foreground
        icon = pixmap(_ICONS[self._notice.gravity], colour, _ICON, self.devicePixelRatioF())
        self._icon.setPixmap(icon)

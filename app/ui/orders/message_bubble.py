"""Bubble of one message in an order's conversation: ours to the right, the customer's to the left."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.chip_pixmap import chip_pixmap
from app.ui.orders.thread import BubbleView, bubble_role
from app.ui.shown_text import PlainLabel, set_tooltip
from app.ui.theme import Theme
from app.ui.wrapped_label import WrappedLabel

_WIDEST_SHARE = 0.88
_PADDING = 10


class MessageBubble(QWidget):
    """Line of the thread with one bubble, which is shown anew in place when its message changes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: BubbleView | None = None
        self.frame = QFrame()
        self.text, self.reason = WrappedLabel(), WrappedLabel(role="small")
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._time, self._chip = PlainLabel(), PlainLabel()
        self._time.setProperty("role", "small")
        meta = QHBoxLayout()
        meta.setSpacing(6)
        meta.addStretch(1)
        meta.addWidget(self._time)
        meta.addWidget(self._chip)
        inner = QVBoxLayout(self.frame)
        inner.setContentsMargins(_PADDING, 6, _PADDING, 6)
        inner.setSpacing(2)
        inner.addWidget(self.text)
        inner.addWidget(self.reason)
        inner.addLayout(meta)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.addWidget(self.frame)

    def show_view(self, view: BubbleView, width: int) -> None:
        """Show the message in a thread of this width."""
        self._view = view
        side = Qt.AlignmentFlag.AlignRight if view.ours else Qt.AlignmentFlag.AlignLeft
        self._line.setAlignment(self.frame, side)
        self.text.setText(view.text)
        self.reason.setText(view.reason)
        self.reason.setVisible(bool(view.reason))
        self._time.setText(f"{view.time} · {view.note}" if view.note else view.time)
        set_tooltip(self, view.tooltip)
        self.setAccessibleName(view.description)
        self.apply_theme()
        self.fit(width)

    def apply_theme(self) -> None:
        view = self._view
        if view is None:
            return
        self.frame.setProperty("role", bubble_role(view))
        for widget in (self.frame, self.text, self.reason, self._time):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self._chip.setVisible(view.chip is not None)
        if view.chip:
            colours = self._theme.colours_of(view.chip.tone)
            drawn = chip_pixmap(view.chip.icon, view.chip.word, colours, self.devicePixelRatioF())
            self._chip.setPixmap(drawn)

    def fit(self, width: int) -> None:
        """Make the bubble as wide as its longest line, at most most of the thread."""
        if self._view is None:
            return
        widest = int(width * _WIDEST_SHARE)
        metrics = self.text.fontMetrics()
        lines = (self._view.text or " ").splitlines()
        wanted = max(metrics.horizontalAdvance(line) for line in lines) + 2 * _PADDING + 6
        if self._view.reason:
            wanted = widest
        self.frame.ensurePolished()
        least = self._time.sizeHint().width() + 2 * _PADDING + 2
        if self._view.chip:
            least += self._chip.sizeHint().width() + 6
        framed = min(max(wanted, least), max(widest, least))
        self.frame.setFixedWidth(framed)
        for label in (self.text, self.reason):
            label.setMinimumHeight(max(0, label.heightForWidth(framed - 2 * _PADDING)))

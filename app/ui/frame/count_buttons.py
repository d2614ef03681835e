"""Counts of untold customers and unread replies: buttons in the header that lead to the next one."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.ui.frame.attention_monitor import AttentionMonitor
from app.ui.frame.header import HeaderRoom
from app.ui.page_context import PageContext
from app.ui.palette import Tone
from app.ui.shown_text import set_tooltip
from app.ui.theme import set_style


class CountButtons(QWidget):
    """Two buttons, hidden at zero, with the key that does the same."""

    untold_requested = Signal()
    unread_requested = Signal()

    def __init__(
        self, context: PageContext, monitor: AttentionMonitor, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._monitor, self._narrow = context, monitor, False
        self.untold, self.unread = QPushButton(), QPushButton()
        self.untold.clicked.connect(self.untold_requested)
        self.unread.clicked.connect(self.unread_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for button, name in ((self.untold, "count-untold"), (self.unread, "count-unread")):
            button.setObjectName(name)
            button.setProperty("role", "chip")
            button.setIconSize(QSize(18, 18))
            button.setMinimumHeight(36)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            layout.addWidget(button)
        monitor.changed.connect(self._refresh)
        context.theme.changed.connect(self._refresh)
        self._refresh()

    def fit(self, room: HeaderRoom) -> None:
        """Show the figures alone where the header has no room for words."""
        self._narrow = room is not HeaderRoom.WIDE
        self._refresh()

    def _refresh(self) -> None:
        counts = self._monitor.counts
        untold = self.tr("1 não avisado") if counts.untold == 1 else self.tr("{count} não avisados")
        unread = self.tr("1 resposta") if counts.unread == 1 else self.tr("{count} respostas")
        self._show(self.untold, counts.untold, untold, "F4", "triangle-alert", Tone.BAD)
        self._show(self.unread, counts.unread, unread, "F8", "message-circle", Tone.SEEN)

    def _show(self, button: QPushButton, count: int, pattern: str, key: str, icon: str, tone: Tone) -> None:
        words, colours = pattern.format(count=count), self._context.theme.colours_of(tone)
        button.setVisible(bool(count))
        button.setText(f" {count}  {key}" if self._narrow else f" {words}  {key}")
        button.setAccessibleName(
            self.tr("{words} hoje. Vai ao próximo ({key}).").format(words=words, key=key)
        )
        set_tooltip(button, button.accessibleName())
        button.setIcon(self._context.theme.icon(icon, colours.foreground))
        name, band = button.objectName(), self._context.theme.palette.band
        set_style(
            button,
            f"#{name} {{ background: {colours.background}; color: {colours.foreground}; }}"
            f" #{name}:hover {{ border-color: {band}; }}",
        )

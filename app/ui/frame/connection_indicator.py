"""Connection indicator: one button for all numbers, in the worst one's state, and a popover with each."""

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.domain.session import ConnectionState, ConnectionStatus
from app.ui.enter_key import click_focused
from app.ui.frame.attention_monitor import AttentionMonitor
from app.ui.frame.connection_details import ConnectionDetails
from app.ui.frame.connection_view_model import connection_view_model
from app.ui.frame.header import HeaderRoom
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel, button_text, set_tooltip
from app.ui.theme import set_style

_WIDTH, _HIGHEST = 360, 560
_EDGE = 8
_WORST_FIRST = (
    ConnectionState.BLOCKED,
    ConnectionState.UNPAIRED,
    ConnectionState.DISCONNECTED,
    ConnectionState.UNSTABLE,
    ConnectionState.CONNECTING,
    ConnectionState.CONNECTED,
)


class ConnectionButton(QPushButton):
    """Button in the header that opens the popover; `pairing_requested` carries the number's session id."""

    pairing_requested = Signal(str)

    def __init__(
        self, context: PageContext, monitor: AttentionMonitor, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._room = context, HeaderRoom.WIDE
        self.setObjectName("lamp")
        self.setProperty("role", "chip")
        self.setIconSize(QSize(18, 18))
        self.setMinimumHeight(36)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.popover = ConnectionPopover(context, monitor, self)
        self.popover.pairing_requested.connect(self.pairing_requested)
        self.clicked.connect(self.open)
        context.bridge.connection_changed.connect(self._refresh)
        context.bridge.rate_limits_changed.connect(self._refresh)
        context.bridge.queue_changed.connect(self._refresh)
        context.bridge.settings_changed.connect(self._refresh)
        context.theme.changed.connect(self._refresh)
        self._refresh()

    def fit(self, room: HeaderRoom) -> None:
        """Leave out the phone number, and the words too, where the header has no room for them."""
        if room is not self._room:
            self._room = room
            self._refresh()

    def open(self) -> None:
        """Open the popover under the button."""
        self.popover.refresh()
        corner = self.mapToGlobal(QPoint(self.width() - self.popover.width(), self.height() + 4))
        self.popover.move(corner)
        self.popover.show()
        self.popover.focus_action()

    def _refresh(self) -> None:
        statuses = self._context.core.sessions.statuses()
        worst = min(statuses, key=lambda status: _WORST_FIRST.index(status.state))
        view_model, theme = connection_view_model(self._context, worst), self._context.theme
        tone_colours = theme.colours_of(view_model.icon.tone)
        self.setIcon(theme.icon(view_model.icon.name, tone_colours.foreground))
        text = self._text(statuses, worst, view_model.words)
        self.setText("" if self._room is HeaderRoom.TIGHT else f" {button_text(text)}")
        self.setAccessibleName(self.tr("{text}. Abre os detalhes da conexão.").format(text=text))
        set_tooltip(self, self.accessibleName())
        colours = f"background: {tone_colours.background}; color: {tone_colours.foreground};"
        set_style(self, f"#lamp {{ {colours} }} #lamp:hover {{ border-color: {theme.palette.band}; }}")
        self.popover.refresh()

    def _text(self, statuses: list[ConnectionStatus], worst: ConnectionStatus, words: str) -> str:
        """Return the worst state, with the share of connected numbers or the only number."""
        if len(statuses) > 1:
            connected = sum(status.is_connected for status in statuses)
            counted = self.tr("{connected} de {all} números").format(connected=connected, all=len(statuses))
            return self.tr("WhatsApp · {numbers}").format(numbers=counted)
        if worst.phone and worst.is_connected and self._room is HeaderRoom.WIDE:
            return f"{words} · {worst.phone.masked}"
        return words


class ConnectionPopover(QFrame):
    """Details of every number, and the queue's figures of today."""

    pairing_requested = Signal(str)

    def __init__(self, context: PageContext, monitor: AttentionMonitor, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._monitor = monitor
        self.setObjectName("popover")
        self.setAccessibleName(self.tr("Detalhes da conexão"))
        ids = context.core.sessions.ids
        self.details = {
            session_id: ConnectionDetails(context, session_id, several=len(ids) > 1) for session_id in ids
        }
        self.figures = PlainLabel()
        self.figures.setProperty("role", "muted")
        self._inner, self._area = QWidget(), QScrollArea()
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        for session_id, details in self.details.items():
            details.done.connect(self.hide)
            details.pairing_requested.connect(partial(self.pairing_requested.emit, session_id))
            column.addWidget(details)
        column.addWidget(self.figures)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self._area)
        self.setFixedWidth(_WIDTH)
        monitor.changed.connect(self._show_figures)
        self._show_figures()

    @property
    def reconnect(self) -> QPushButton:
        """Return the first number's button."""
        return next(iter(self.details.values())).reconnect

    def refresh(self) -> None:
        for details in self.details.values():
            details.refresh()
        self._fit()

    def focus_action(self) -> None:
        """Give the focus to the first button that helps."""
        shown = (each.reconnect for each in self.details.values() if not each.reconnect.isHidden())
        if button := next(shown, None):
            button.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not click_focused(self, event):
            super().keyPressEvent(event)

    def _show_figures(self) -> None:
        words = self.tr("Na fila {waiting} · entregues hoje {delivered}")
        self.figures.setText(
            words.format(waiting=self._monitor.waiting, delivered=self._monitor.delivered_today)
        )

    def _fit(self) -> None:
        """Fit the height to the texts, which wrap at the fixed width; many numbers scroll."""
        if layout := self._inner.layout():
            layout.activate()
            height = layout.totalHeightForWidth(_WIDTH - 2)
            self.resize(_WIDTH, min(height + _EDGE, _HIGHEST))

"""Connection indicator: button with icon, word and colour of the state, and a popover with details."""

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.identifiers import SessionId
from app.domain.session import ConnectionState, ConnectionStatus
from app.ui.frame.connection_view_model import action_of, connection_view_model
from app.ui.frame.rate_limit_summary import RateLimitSummary
from app.ui.language import BRAZIL, day_and_hour, to_the_second
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel, button_text

_WIDTH = 340


class ConnectionButton(QPushButton):
    """Button in the header that opens the popover; `pairing_requested` is emitted if only a new pairing helps."""

    pairing_requested = Signal()

    def __init__(self, context: PageContext, session_id: SessionId, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._connection = context, context.core.sessions[session_id]
        self.setObjectName("lamp")
        self.setIconSize(QSize(18, 18))
        self.setMinimumHeight(36)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._popover = ConnectionPopover(context, session_id, self)
        self._popover.pairing_requested.connect(self.pairing_requested)
        self.clicked.connect(self.open)
        context.bridge.connection_changed.connect(self._refresh)
        context.bridge.rate_limits_changed.connect(self._refresh)
        context.bridge.queue_changed.connect(self._refresh)
        context.bridge.settings_changed.connect(self._refresh)
        context.theme.changed.connect(self._refresh)
        self._refresh()

    def show_status(self, status: ConnectionStatus) -> None:
        view_model, theme = connection_view_model(self._context, status), self._context.theme
        tone_colours = theme.colours_of(view_model.icon.tone)
        self.setIcon(theme.icon(view_model.icon.name, tone_colours.foreground))
        number = self._number_text(status)
        text = f"{view_model.words} · {number}" if number else view_model.words
        self.setText(f" {button_text(text)}")
        self.setAccessibleName(self.tr("{text}. Abre os detalhes da conexão.").format(text=text))
        colours = f"background: {tone_colours.background}; color: {tone_colours.foreground};"
        self.setStyleSheet(f"#lamp {{ {colours} }} #lamp:hover {{ border-color: {theme.palette.band}; }}")
        self._popover.show_status(status)

    def _number_text(self, status: ConnectionStatus) -> str:
        """Return the phone number; with several numbers in every state, by its name or by session id if unpaired."""
        several = len(self._context.core.sessions.ids) > 1
        name = self._context.core.settings.session_names.name_of(status.session_id)
        if several and name:
            return name
        if status.phone and (several or status.is_connected):
            return status.phone.masked
        return status.session_id if several else ""

    def _refresh(self) -> None:
        self.show_status(self._connection.get_connection_status())

    def open(self) -> None:
        """Open the popover under the button."""
        self._popover.show_status(self._connection.get_connection_status())
        corner = self.mapToGlobal(QPoint(self.width() - self._popover.width(), self.height() + 4))
        self._popover.move(corner)
        self._popover.show()
        self._popover.reconnect.setFocus()


class ConnectionPopover(QFrame):
    """Details of the connection: since when, reason, last response of WhatsApp, holds, and one action."""

    pairing_requested = Signal()

    def __init__(self, context: PageContext, session_id: SessionId, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._context, self._connection = context, context.core.sessions[session_id]
        self._pairs = False
        self.setObjectName("popover")
        self.setAccessibleName(self.tr("Detalhes da conexão"))
        self._title, self._reason = PlainLabel(), PlainLabel()
        self._title.setProperty("role", "heading")
        self._reason.setWordWrap(True)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(4)
        self._values = {name: self._fact(row, name) for row, name in enumerate(self._names())}
        self._rate_limits = RateLimitSummary(context)
        self.reconnect = QPushButton(self.tr("Reconectar agora"))
        self.reconnect.clicked.connect(self._reconnect)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self._title)
        layout.addWidget(self._reason)
        layout.addLayout(self._facts)
        layout.addWidget(self._rate_limits)
        layout.addSpacing(8)
        layout.addWidget(self.reconnect)
        self.setFixedWidth(_WIDTH)

    def show_status(self, status: ConnectionStatus) -> None:
        view_model, now = connection_view_model(self._context, status), self._context.core.clock.now()
        self._title.setText(view_model.words)
        self._reason.setText(view_model.explained)
        self._rate_limits.show_status(status)
        self._rate_limits.setHidden(status.state is ConnectionState.UNPAIRED)
        since, number, last, answer = self._names()
        self._values[since].setText(day_and_hour(self._context.bridge.state_since(status.session_id), now))
        self._values[number].setText(status.phone.masked if status.phone else "–")
        self._values[last].setText(day_and_hour(status.last_connected, now) if status.last_connected else "–")
        self._values[answer].setText(_last_answer(status))
        action = action_of(status, self._context.sentences)
        self._pairs = action is not None and action.pairs
        usual = self.tr("Conectar um número") if self._pairs else self.tr("Reconectar agora")
        self.reconnect.setText(action.words if action and action.words else usual)
        self.reconnect.setEnabled(status.state is not ConnectionState.CONNECTING)
        self._fit()

    def _fit(self) -> None:
        """Fit the height to the texts, which wrap at the fixed width."""
        if layout := self.layout():
            layout.activate()
            self.resize(_WIDTH, layout.totalHeightForWidth(_WIDTH))

    def _names(self) -> tuple[str, str, str, str]:
        return (
            self.tr("Assim desde"),
            self.tr("Número da loja"),
            self.tr("Última conexão"),
            self.tr("Última resposta"),
        )

    def _fact(self, row: int, name: str) -> QLabel:
        label, value = PlainLabel(name), PlainLabel("–")
        label.setProperty("role", "muted")
        self._facts.addWidget(label, row, 0)
        self._facts.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
        return value

    def _reconnect(self) -> None:
        self.hide()
        if self._pairs:
            self.pairing_requested.emit()
        else:
            self._context.runner.start(self._connection.reconnect())


def _last_answer(status: ConnectionStatus) -> str:
    """Format the last response to our probe as `14:02:31 (0,12 s)`."""
    if status.proved_at is None:
        return "–"
    at, took = to_the_second(status.proved_at), status.round_trip
    return f"{at} ({BRAZIL.toString(took.total_seconds(), 'f', 2)} s)" if took else at

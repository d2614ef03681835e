"""Card of one of the shop's numbers: connection, queue figures, rate limits, actions."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.identifiers import SessionId
from app.domain.notification import UNFINISHED
from app.domain.session import ConnectionState, ConnectionStatus
from app.ui.coalesced_refresh import CoalescedRefresh
from app.ui.frame.connection_view_model import ConnectionViewModel, action_of, connection_view_model
from app.ui.icons import pixmap
from app.ui.language import day_and_hour, midnight
from app.ui.page_context import PageContext
from app.ui.settings.rate_limit_panel import RateLimitPanel
from app.ui.shown_text import PlainLabel, set_tooltip

_TILE = 48


class SessionCard(QFrame):
    """Card with one signal per button: `pairing_requested`, `disconnect_requested` and so on."""

    pairing_requested = Signal()
    disconnect_requested = Signal()
    poster_requested = Signal()
    name_requested = Signal()
    removal_requested = Signal()

    def __init__(self, context: PageContext, session_id: SessionId, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._session_id = context, session_id
        self._connection = context.core.sessions[session_id]
        self._queue_figures = CoalescedRefresh(context.runner, self._query_queue)
        self.setProperty("role", "card")
        self._icon, self.word, self.reason = PlainLabel(), PlainLabel(), PlainLabel()
        self._icon.setFixedSize(_TILE, _TILE)
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.word.setProperty("role", "title")
        self.reason.setWordWrap(True)
        self.reason.setProperty("role", "muted")
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(24)
        self._facts.setVerticalSpacing(8)
        self.values = [self._fact(row, name) for row, name in enumerate(self._names())]
        self.rate_limits = RateLimitPanel(context, session_id)
        self.pair, self.disconnect_ = QPushButton(), QPushButton(self.tr("Desconectar…"))
        self.reconnect = QPushButton(self.tr("Reconectar agora"))
        self.poster = QPushButton(self.tr(" Cartaz com QR…"))
        self.rename = QPushButton(self.tr("Nome do número…"))
        self.remove = QPushButton(self.tr("Remover este número…"))
        self.remove.setVisible(session_id != context.core.sessions.ids[0])
        self.pair.setProperty("role", "primary")
        self._build_layout()
        self._connect_signals()
        self._refresh()
        self._queue_figures.request()

    def show_status(self, status: ConnectionStatus) -> None:
        context, view_model = self._context, connection_view_model(self._context, status)
        tone_colours, now = context.theme.colours_of(view_model.icon.tone), context.core.clock.now()
        self.word.setText(view_model.words)
        self._icon.setPixmap(
            pixmap(view_model.icon.name, tone_colours.foreground, 26, self.devicePixelRatioF())
        )
        self._icon.setStyleSheet(f"background: {tone_colours.background}; border-radius: 8px;")
        self.reason.setText(self._explained(status, view_model))
        self.values[0].setText(status.phone.masked if status.phone else "–")
        self.values[1].setText(day_and_hour(context.bridge.state_since(status.session_id), now))
        self.disconnect_.setVisible(status.is_connected)
        self.poster.setVisible(status.phone is not None)
        self.poster.setIcon(context.theme.icon("qr-code"))
        self.rate_limits.setVisible(status.state is not ConnectionState.UNPAIRED)
        self._offer(status)

    def show_removal(self, reason: str) -> None:
        """Disable the removal, with this reason, where the screen does not change the numbers."""
        self.remove.setEnabled(not reason)
        set_tooltip(self.remove, reason)
        self.remove.setAccessibleDescription(reason)

    def take_focus(self) -> None:
        """Focus the first button on show, after the pairing page with its focus was left."""
        shown = (each for each in (self.pair, self.reconnect, self.poster) if not each.isHidden())
        next(shown, self.poster).setFocus()

    def _offer(self, status: ConnectionStatus) -> None:
        """Show the one button that helps: pair or reconnect."""
        action = action_of(status, self._context.sentences)
        self.pair.setVisible(action is not None and action.pairs)
        self.reconnect.setVisible(action is not None and not action.pairs)
        if action and action.pairs:
            self.pair.setText(action.words or self.tr("Conectar um número"))
        elif action:
            self.reconnect.setText(action.words or self.tr("Reconectar agora"))

    async def _query_queue(self) -> None:
        core = self._context.core
        stats = await core.queue.get_queue_stats()
        today = await core.board.delivered_since(midnight(core.clock.now()), self._session_id)
        own = stats.by_session.get(self._session_id, {})
        self.values[2].setText(str(sum(own.get(state, 0) for state in UNFINISHED)))
        self.values[3].setText(str(today))

    def _refresh(self) -> None:
        self.show_status(self._connection.get_connection_status())

    def _names(self) -> tuple[str, str, str, str]:
        return (
            self.tr("Número da loja"),
            self.tr("Assim desde"),
            self.tr("Na fila agora"),
            self.tr("Entregues hoje"),
        )

    def _explained(self, status: ConnectionStatus, view_model: ConnectionViewModel) -> str:
        """Return the explanation; for an unpaired number, an invitation to connect one."""
        if status.state is ConnectionState.UNPAIRED and not status.reason:
            return self.tr("Conecte o WhatsApp da loja para avisar os clientes. Leva um minuto.")
        return view_model.explained

    def _fact(self, row: int, name: str) -> QLabel:
        label, value = PlainLabel(name), PlainLabel("–")
        label.setProperty("role", "muted")
        self._facts.addWidget(label, row, 0)
        self._facts.addWidget(value, row, 1)
        self._facts.setColumnStretch(1, 1)
        return value

    def _build_layout(self) -> None:
        texts, top, buttons = QVBoxLayout(), QHBoxLayout(), QHBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(self.word)
        texts.addWidget(self.reason)
        top.setSpacing(16)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(texts, 1)
        for button in (self.pair, self.reconnect, self.poster, self.rename, self.disconnect_):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(16)
        layout.addLayout(top)
        layout.addLayout(self._facts)
        layout.addWidget(self.rate_limits)
        layout.addLayout(buttons)
        layout.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignLeft)

    def _connect_signals(self) -> None:
        context = self._context
        self.pair.clicked.connect(self.pairing_requested)
        self.disconnect_.clicked.connect(self.disconnect_requested)
        self.poster.clicked.connect(self.poster_requested)
        self.rename.clicked.connect(self.name_requested)
        self.remove.clicked.connect(self.removal_requested)
        self.reconnect.clicked.connect(lambda: context.runner.start(self._connection.reconnect()))
        context.bridge.connection_changed.connect(self._refresh)
        context.bridge.queue_changed.connect(self._queue_figures.request)
        context.bridge.queue_changed.connect(self._refresh)
        context.bridge.rate_limits_changed.connect(self._refresh)
        context.theme.changed.connect(self._refresh)

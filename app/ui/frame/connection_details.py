"""Details of one number's connection: since when, cause, last response, holds, and the action that helps."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.identifiers import SessionId
from app.domain.session import ConnectionState, ConnectionStatus
from app.ui.frame.connection_view_model import action_of, connection_view_model
from app.ui.frame.rate_limit_summary import RateLimitSummary
from app.ui.language import BRAZIL, day_and_hour, to_the_second
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel


class ConnectionDetails(QWidget):
    """One number; `name` heads it where the shop has several, and the rate limits are then left out."""

    pairing_requested = Signal()
    done = Signal()
    """The button was pressed: the popover may close."""

    def __init__(self, context: PageContext, session_id: SessionId, *, several: bool = False) -> None:
        super().__init__()
        self._context, self._connection = context, context.core.sessions[session_id]
        self._pairs, self._several = False, several
        self.title, self.reason = PlainLabel(), PlainLabel()
        self.title.setProperty("role", "heading")
        self.reason.setWordWrap(True)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(4)
        self._values = [self._fact(row, name) for row, name in enumerate(self._names())]
        self._rate_limits = RateLimitSummary(context)
        self.reconnect = QPushButton(self.tr("Reconectar agora"))
        self.reconnect.clicked.connect(self._act)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self.reason)
        layout.addLayout(self._facts)
        layout.addWidget(self._rate_limits)
        layout.addWidget(self.reconnect)

    def refresh(self) -> None:
        self.show_status(self._connection.get_connection_status())

    def show_status(self, status: ConnectionStatus) -> None:
        view_model, now = connection_view_model(self._context, status), self._context.core.clock.now()
        named = self.tr("{number}: {words}").format(number=self._name(status), words=view_model.words)
        self.title.setText(named if self._several else view_model.words)
        self.reason.setText(view_model.explained)
        self._rate_limits.show_status(status)
        self._rate_limits.setHidden(self._several or status.state is ConnectionState.UNPAIRED)
        texts = (
            day_and_hour(self._context.bridge.state_since(status.session_id), now),
            status.phone.masked if status.phone and not self._several else "",
            day_and_hour(status.last_connected, now) if status.last_connected else "",
            _last_answer(status),
        )
        for (label, value), text in zip(self._values, texts, strict=True):
            value.setText(text)
            for part in (label, value):
                part.setHidden(not text)
        action = action_of(status, self._context.sentences)
        self._pairs = action is not None and action.pairs
        usual = self.tr("Conectar um número") if self._pairs else self.tr("Reconectar agora")
        self.reconnect.setText(action.words if action and action.words else usual)
        self.reconnect.setVisible(action is not None)

    def _name(self, status: ConnectionStatus) -> str:
        """Return the name that the shop gave the number, else the number or the session's id."""
        name = self._context.core.settings.session_names.name_of(status.session_id)
        return name or (status.phone.masked if status.phone else status.session_id)

    def _names(self) -> tuple[str, str, str, str]:
        return (
            self.tr("Assim desde"),
            self.tr("Número da loja"),
            self.tr("Última conexão"),
            self.tr("Última resposta"),
        )

    def _fact(self, row: int, name: str) -> tuple[QLabel, QLabel]:
        label, value = PlainLabel(name), PlainLabel()
        label.setProperty("role", "muted")
        self._facts.addWidget(label, row, 0)
        self._facts.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
        return label, value

    def _act(self) -> None:
        self.done.emit()
        if self._pairs:
            self.pairing_requested.emit()
        else:
            self._context.runner.start(self._connection.reconnect())


def _last_answer(status: ConnectionStatus) -> str:
    """Format the last response to our probe as `14:02:31 (0,12 s)`."""
    if status.proved_at is None:
        return ""
    at, took = to_the_second(status.proved_at), status.round_trip
    return f"{at} ({BRAZIL.toString(took.total_seconds(), 'f', 2)} s)" if took else at

"""Chat of a simulated phone with the shop, with a line to answer."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ports.training import ChatMessage, SimulatedPhone
from app.ui.demo.bubble import Bubble
from app.ui.shown_text import PlainLabel, set_tooltip
from app.ui.theme import Theme


class ChatPage(QWidget):
    """Chat page; `left` is emitted when it is closed, `answered` carries the typed text."""

    left = Signal()
    answered = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._number = ""
        self._shown: list[ChatMessage] = []
        self._name, self._line = PlainLabel(), PlainLabel()
        self._name.setProperty("role", "heading")
        self._line.setProperty("role", "small")
        self._back, self._send = _tool(self.tr("Voltar aos celulares")), _tool(self.tr("Enviar a resposta"))
        self._back.clicked.connect(self.left)
        self._send.clicked.connect(self._answer)
        self.reply = QLineEdit()
        self.reply.setPlaceholderText(self.tr("Responder como o cliente"))
        self.reply.setAccessibleName(self.reply.placeholderText())
        self.reply.setMaxLength(2000)
        self.reply.returnPressed.connect(self._answer)
        self._area, self._bubbles = QScrollArea(), QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head())
        layout.addWidget(self._chat(), 1)
        layout.addWidget(self._foot())
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    @property
    def number(self) -> str:
        """Return the number of the open chat."""
        return self._number

    def show_phone(self, phone: SimulatedPhone) -> None:
        """Show the phone's chat, appending new bubbles; another phone clears the page."""
        chat = list(phone.chat)
        if phone.number != self._number or chat[: len(self._shown)] != self._shown:
            self._clear()
            self.reply.clear()
        self._number = phone.number
        self._name.setText(phone.name)
        self._line.setText(_grouped(phone.number))
        for message in chat[len(self._shown) :]:
            self._bubbles.insertWidget(self._bubbles.count() - 1, Bubble(message, self._theme))
        if chat != self._shown:
            self._shown = chat
            QTimer.singleShot(0, self._area, self._to_the_end)

    def _clear(self) -> None:
        self._shown = []
        while self._bubbles.count() > 1:
            if (taken := self._bubbles.takeAt(0)) and (bubble := taken.widget()):
                bubble.deleteLater()

    def _answer(self) -> None:
        if text := self.reply.text().strip():
            self.reply.clear()
            self.answered.emit(text)

    def _to_the_end(self) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("chat-head")
        layout = QHBoxLayout(head)
        layout.setContentsMargins(4, 4, 12, 4)
        layout.addWidget(self._back)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._line)
        layout.addLayout(words, 1)
        return head

    def _chat(self) -> QScrollArea:
        inside = QWidget()
        inside.setLayout(self._bubbles)
        self._bubbles.setContentsMargins(12, 12, 12, 12)
        self._bubbles.setSpacing(8)
        self._bubbles.addStretch(1)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(self.tr("Conversa com a loja"))
        self._area.setWidget(inside)
        return self._area

    def _foot(self) -> QWidget:
        foot = QWidget()
        layout = QHBoxLayout(foot)
        layout.setContentsMargins(12, 8, 8, 12)
        layout.setSpacing(4)
        layout.addWidget(self.reply, 1)
        layout.addWidget(self._send)
        return foot

    def _apply_theme(self) -> None:
        self._back.setIcon(self._theme.icon("arrow-left"))
        self._send.setIcon(self._theme.icon("send", self._theme.palette.accent))


def _tool(name: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("role", "plain")
    button.setAccessibleName(name)
    set_tooltip(button, name)
    button.setIconSize(QSize(20, 20))
    button.setMinimumSize(40, 40)
    return button


def _grouped(number: str) -> str:
    """Format as `(73) 98811-2233`; foreign numbers stay as they are."""
    digits = number.removeprefix("+55")
    if digits == number or len(digits) not in (10, 11):
        return number
    return f"({digits[:2]}) {digits[2:-4]}-{digits[-4:]}"

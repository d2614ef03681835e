"""Answer field under an order's conversation: Enter sends, Shift+Enter begins a new line (C4)."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from app.domain.errors import CocoLokoError
from app.domain.visible_text import is_blank
from app.services.text.message_catalog import MessageCatalog
from app.ui.fault_label import FaultLabel
from app.ui.shown_text import set_tooltip
from app.ui.theme import Theme

_LINE, _FRAME, _MOST_LINES = 19, 19, 4


class AnswerField(QPlainTextEdit):
    """Field that grows with its lines."""

    submitted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setProperty("role", "answer")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if not event.isAutoRepeat():
                self.submitted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _grow(self) -> None:
        lines = min(max(int(self.document().size().height()), 1), _MOST_LINES)
        self.setFixedHeight(lines * _LINE + _FRAME)


class AnswerBox(QWidget):
    """Field, its send button, and the reason of a refusal above them; `submitted` carries the text."""

    submitted = Signal(str)
    left = Signal()
    """Esc was pressed in the field."""

    def __init__(self, theme: Theme, sentences: MessageCatalog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.field, self.send, self.fault = AnswerField(), QToolButton(), FaultLabel(sentences)
        self.field.setPlaceholderText(self.tr("Responder… (R)"))
        self.field.setAccessibleName(self.tr("Resposta ao cliente"))
        self.send.setAccessibleName(self.tr("Enviar resposta"))
        self.send.setIconSize(QSize(18, 18))
        set_tooltip(self.send, self.tr("Enviar resposta (Enter); Shift+Enter começa outra linha"))
        self.send.setEnabled(False)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.field, 1)
        line.addWidget(self.send, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(4)
        layout.addWidget(self.fault)
        layout.addLayout(line)
        self.field.textChanged.connect(self._typed)
        self.field.submitted.connect(self.submit)
        self.field.left.connect(self.left)
        self.send.clicked.connect(self.submit)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def submit(self) -> None:
        if self.send.isEnabled():
            self.send.setEnabled(False)
            self.submitted.emit(self.field.toPlainText().strip())

    def clear(self) -> None:
        self.field.clear()
        self.fault.hide()

    def propose(self, text: str) -> None:
        """Put a text into the field, to be changed or sent."""
        self.field.setPlainText(text)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self.field.setFocus()

    def show_error(self, error: CocoLokoError) -> bool:
        self.send.setEnabled(not is_blank(self.field.toPlainText()))
        return self.fault.show_error(error)

    def _typed(self) -> None:
        self.send.setEnabled(not is_blank(self.field.toPlainText()))
        self.fault.hide()

    def _apply_theme(self) -> None:
        self.send.setIcon(self._theme.icon("send"))

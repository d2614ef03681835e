"""Dialog for a custom message to an order's customer, with a preview."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import CocoLokoError
from app.domain.order import Order
from app.domain.visible_text import visible_text
from app.services.templates.values import first_name
from app.ui.closable_dialog import ClosableDialog
from app.ui.fault_label import FaultLabel
from app.ui.message_text import message_html
from app.ui.page_context import PageContext
from app.ui.shown_text import MarkupLabel, PlainLabel, button_text, set_tooltip

# Text and preview fit beneath a name of two lines on a screen 720 pixels high.
_FIELD = 112


class CustomMessageDialog(ClosableDialog):
    """Dialog for `open()`; sends only when the button that names the customer is pressed."""

    def __init__(self, context: PageContext, order: Order, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._order = context, order
        self.setWindowTitle(self.tr("Mensagem para o cliente"))
        self.setMinimumWidth(460)
        heading = _plain(self.tr("Mensagem para {name}").format(name=order.customer_name), "title")
        self.text, self.preview = QPlainTextEdit(), MarkupLabel()
        self.fault = FaultLabel(context.sentences)
        self.text.setAccessibleName(self.tr("Texto da mensagem"))
        self.text.setPlaceholderText(self.tr("Escreva como no WhatsApp: *negrito*, _itálico_"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(_FIELD)
        self.preview.setProperty("role", "preview")
        self.preview.setWordWrap(True)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        seen = _plain(self.tr("O cliente vai ler"), "overline")
        for part in (heading, self.text, self.fault, seen, _scrolled(self.preview), self._button_box()):
            layout.addWidget(part)
        self.text.textChanged.connect(self._show_preview)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.submit)
        self._show_preview()
        self.text.setFocus()

    def submit(self) -> None:
        if self.send.isEnabled():
            self.send.setEnabled(False)
            self._context.runner.start(self._send(self.text.toPlainText().strip()), self._refused)

    async def _send(self, text: str) -> None:
        result = await self._context.core.messages.write_to_customer(self._order.id, text)
        if result.trouble:
            raise result.trouble
        if not self.closed:
            self.accept()

    def _refused(self, error: CocoLokoError) -> bool:
        if self.closed:
            return False
        self.send.setEnabled(True)
        return self.fault.show_error(error)

    def _show_preview(self) -> None:
        text = visible_text(self.text.toPlainText()).strip()
        self.preview.setText(message_html(text))
        self.send.setEnabled(bool(text))
        self.fault.hide()

    def _button_box(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        name = first_name(self._order.customer_name)
        word = self.tr("Enviar para {name}").format(name=name) if name else self.tr("Enviar")
        self.send = box.addButton(button_text(word), QDialogButtonBox.ButtonRole.AcceptRole)
        self.send.setProperty("role", "primary")
        set_tooltip(self.send, "Ctrl+Enter")
        box.accepted.connect(self.submit)
        box.rejected.connect(self.reject)
        return box


def _scrolled(preview: QLabel) -> QScrollArea:
    """Wrap the preview in a scroll area; its fixed height keeps the buttons on the screen."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFixedHeight(_FIELD)
    area.setWidget(preview)
    return area


def _plain(words: str, role: str) -> QLabel:
    label = PlainLabel(words)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label

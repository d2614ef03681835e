"""Form for pairing by code: asks for the number of the shop's phone."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget

from app.domain.errors import InvalidPhoneError
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel


class CodeRequest(QWidget):
    """Field and button; `phone_entered` carries the Phone, an invalid number is refused at once."""

    phone_entered = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.phone, self.fault = QLineEdit(), PlainLabel()
        self.button = QPushButton(self.tr("Conectar com código"))
        self.phone.setPlaceholderText(self.tr("Número da loja, com DDD"))
        self.phone.setAccessibleName(self.tr("Número do WhatsApp da loja, para conectar com código"))
        self.phone.setMinimumHeight(36)
        self.fault.setProperty("role", "fault")
        self.fault.setWordWrap(True)
        self.fault.hide()
        label = PlainLabel(self.tr("Sem câmera? Digite um código no celular em vez de ler o QR."))
        label.setProperty("role", "muted")
        label.setWordWrap(True)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(4)
        layout.addWidget(label, 0, 0, 1, 2)
        layout.addWidget(self.phone, 1, 0)
        layout.addWidget(self.button, 1, 1)
        layout.addWidget(self.fault, 2, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        self.button.clicked.connect(self.submit)
        self.phone.returnPressed.connect(self.submit)
        self.phone.textEdited.connect(self.fault.hide)

    def submit(self) -> None:
        typed = self._context.core.messages.validate_phone_number(self.phone.text())
        try:
            phone = typed.phone_or_raise()
        except InvalidPhoneError as error:
            self.fault.setText(self._context.sentences.of_error(error).text)
            self.fault.show()
        else:
            self.phone_entered.emit(phone)

"""Dialog that asks for the code on the shop's phone."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QPushButton, QWidget

from app.domain.errors import CocoLokoError
from app.domain.phone import Phone
from app.ui.access.asking_dialog import AskingDialog
from app.ui.page_context import PageContext

# A pasted message is longer than its code and is judged by the domain.
_LONGEST = 40
_WIDTH = 460


class PinCodeDialog(AskingDialog):
    """Hands the code to the access services; `then` is called once the PIN is removed."""

    def __init__(
        self, context: PageContext, phone: Phone | None, then: Callable[[], object], parent: QWidget
    ) -> None:
        """Ask for the code that was just sent to `phone`, or for an earlier one."""
        sent = self.tr("Um código de 6 dígitos saiu para {phone}.")
        where = self.tr("No celular da loja, abra a conversa do número com ele mesmo; ela não toca.")
        words = f"{sent.format(phone=on_one_line(phone))} {where}" if phone else where
        title = self.tr("Código no celular da loja")
        super().__init__(context.sentences, context.runner, title, words, parent)
        self.setMinimumWidth(_WIDTH)
        self._reset_code, self._then, self._where = context.core.access.reset_code, then, where
        self.code = QLineEdit()
        self.code.setMaxLength(_LONGEST)
        self.code.setMinimumHeight(36)
        self.code.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.code.setPlaceholderText(self.tr("6 dígitos"))
        self.code.setAccessibleName(self.tr("Código de 6 dígitos"))
        self._finish_layout(self.code, action=self.tr("Tirar o PIN"))
        self.another = QPushButton(self.tr("Pedir outro código"))
        self.another.clicked.connect(self._request_another)
        self._buttons.addButton(self.another, QDialogButtonBox.ButtonRole.HelpRole)

    def submit(self) -> None:
        if self.agreed.isEnabled():
            self.agreed.setEnabled(False)
            self._runner.start(self._remove_pin(self.code.text()), self._refused)

    async def _remove_pin(self, typed: str) -> None:
        await self._reset_code.reset_pin(typed)
        if not self.closed:
            self.accept()
            self._then()

    def _request_another(self) -> None:
        self.another.setEnabled(False)
        self.fault.hide()
        self._runner.start(self._send_another(), self._refused)

    async def _send_another(self) -> None:
        phone = await self._reset_code.request()
        if not self.closed:
            sent = self.tr("Outro código saiu para {phone}; só o mais novo vale.")
            self._words.setText(f"{sent.format(phone=on_one_line(phone))} {self._where}")
            self.another.setEnabled(True)
            self.adjustSize()
            self.code.clear()
            self.code.setFocus()

    def _refused(self, error: CocoLokoError) -> bool:
        shown = super()._refused(error)
        if shown:
            self.another.setEnabled(True)
            self.code.selectAll()
            self.code.setFocus()
        return shown


def on_one_line(phone: Phone) -> str:
    """Return the masked number with blanks at which no line ends."""
    return phone.masked.replace(" ", "\u00a0")

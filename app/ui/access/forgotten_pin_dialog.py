"""Dialog of the ways out of a forgotten PIN: a code on the shop's phone, the recovery phrase, a reset."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from app.domain.errors import CocoLokoError
from app.ui.access.asking_dialog import AskingDialog
from app.ui.access.phrase_dialog import PhraseDialog
from app.ui.access.pin_code_dialog import PinCodeDialog, on_one_line
from app.ui.closable_dialog import ClosableDialog
from app.ui.fault_label import FaultLabel
from app.ui.page_context import PageContext
from app.ui.wrapped_label import WrappedLabel

_WIDTH = 460


class ForgottenPinDialog(ClosableDialog):
    """Offers the ways that are open now; `then` is called once one of them has removed the PIN."""

    def __init__(self, context: PageContext, then: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._then, self._parent = context, then, parent
        self._reset_code, self._recovery = context.core.access.reset_code, context.core.access.recovery
        self.setWindowTitle(self.tr("Esqueci o PIN"))
        self.setMinimumWidth(_WIDTH)
        self.code, self.phrase = QPushButton(), QPushButton(self.tr("Usar a frase de recuperação…"))
        self.code_words, self.phrase_words = WrappedLabel(role="muted"), WrappedLabel(role="muted")
        self.fault = FaultLabel(context.sentences)
        self.code.clicked.connect(self._ask_code)
        self.phrase.clicked.connect(self._ask_phrase)
        self._lay_out()
        context.bridge.connection_changed.connect(self._show_ways)
        self._show_ways()
        (self.code if self.code.isEnabled() else self.phrase).setFocus()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(WrappedLabel(self.windowTitle(), "title"))
        words = self.tr(
            "O PIN esquecido sai, e você pode criar outro. Pedidos, fila e textos ficam como estão."
        )
        layout.addWidget(WrappedLabel(words, "muted"))
        for button, explanation in ((self.code, self.code_words), (self.phrase, self.phrase_words)):
            layout.addSpacing(8)
            layout.addWidget(button)
            layout.addWidget(explanation)
        layout.addWidget(self.fault)
        layout.addSpacing(8)
        # The option stands at the beginning of a line: none is broken after its hyphens.
        last = self.tr(
            "Sem celular e sem frase, feche o programa e abra-o uma vez com\n--reset-pin: os números são "
            "desconectados e os textos voltam aos de fábrica; pedidos e fila ficam."
        )
        layout.addWidget(WrappedLabel(last, "small"))
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Cancelar"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def _show_ways(self) -> None:
        """Show which ways are open; the number may connect while the dialog is."""
        self._show_code()
        has_phrase = self._recovery.has_phrase
        self.phrase.setEnabled(has_phrase)
        self.phrase_words.setText(
            self.tr("São as 12 palavras do papel.")
            if has_phrase
            else self.tr("Nenhuma frase foi criada nesta loja.")
        )
        for button, primary in ((self.code, True), (self.phrase, not self.code.isEnabled())):
            button.setProperty("role", "primary" if primary and button.isEnabled() else "")
            button.setDefault(primary)
            button.style().unpolish(button)
            button.style().polish(button)
        self.adjustSize()

    def _show_code(self) -> None:
        """Show whether a code can be typed or requested."""
        phone, sent = self._reset_code.phone, self._reset_code.is_in_force
        self.code.setEnabled(sent or phone is not None)
        self.code.setText(
            self.tr("Digitar o código recebido…") if sent else self.tr("Receber um código no celular da loja")
        )
        if sent:
            words = self.tr("O último código que saiu para o celular da loja ainda vale.")
        elif phone:
            words = self.tr("Chega em {phone}, na conversa do número com ele mesmo, e vale por 10 minutos.")
            words = words.format(phone=on_one_line(phone))
        else:
            words = self.tr("O WhatsApp da loja não está conectado: sem ele, o código não tem como chegar.")
        self.code_words.setText(words)

    def _ask_code(self) -> None:
        if self._reset_code.is_in_force:
            self._give_way(PinCodeDialog(self._context, None, self._then, self._parent))
            return
        self.code.setEnabled(False)
        self.fault.hide()
        self._context.runner.start(self._send_code(), self._refused)

    async def _send_code(self) -> None:
        phone = await self._reset_code.request()
        if not self.closed:
            self._give_way(PinCodeDialog(self._context, phone, self._then, self._parent))

    def _ask_phrase(self) -> None:
        context, use = self._context, self._recovery.reset_pin
        self._give_way(PhraseDialog(context.sentences, context.runner, use, self._then, self._parent))

    def _give_way(self, following: AskingDialog) -> None:
        """Close for the next dialog: one at a time is on the screen."""
        self.accept()
        following.open()

    def _refused(self, error: CocoLokoError) -> bool:
        if self.closed:
            return False
        self._show_ways()
        self.code.setFocus()
        return self.fault.show_error(error)

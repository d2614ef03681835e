"""Dialog and question that add a number to the shop and remove one."""

from PySide6.QtWidgets import QLineEdit, QMessageBox, QPushButton, QWidget

from app.ui.access.asking_dialog import AskingDialog
from app.ui.page_context import PageContext
from app.ui.settings.number_changes import add_number
from app.ui.shown_text import PlainMessageBox

_LONGEST = 40


class AddNumberDialog(AskingDialog):
    """Asks for the name of a further number, adds it, and opens the shop anew."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        words = self.tr(
            "A loja fecha e abre de novo, em poucos segundos, e o número novo aparece para conectar. "
            "Nenhum aviso se perde."
        )
        super().__init__(context.sentences, context.runner, self.tr("Adicionar um número"), words, parent)
        self._context, self.name = context, QLineEdit()
        self.name.setMaxLength(_LONGEST)
        self.name.setMinimumHeight(36)
        self.name.setPlaceholderText(self.tr("Ex.: Entregas"))
        self.name.setAccessibleName(self.tr("Nome do número novo"))
        self._finish_layout(self.name, action=self.tr("Adicionar e abrir de novo"))

    def submit(self) -> None:
        if self.agreed.isEnabled():
            self.agreed.setEnabled(False)
            self._runner.start(self._add(self.name.text().strip()), self._refused)

    async def _add(self, name: str) -> None:
        added = await add_number(self._context.core.settings, self._context.core.sessions.ids, name)
        if not self.closed:
            self.accept()
        self._context.reopen(added)


class RemoveNumberQuestion(PlainMessageBox):
    """Message box for `open()`, which does not block; `agreed` is the confirming button."""

    def __init__(self, number: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.NoIcon)
        self.setWindowTitle(self.tr("Remover o número"))
        self.setText(self.tr("Remover da loja o número “{number}”?").format(number=number))
        self.setInformativeText(
            self.tr(
                "Ele é desconectado do WhatsApp. Os avisos que esperam por ele saem por outro número da loja; "
                "o que pode já ter saído fica em dúvida. A loja fecha e abre de novo, em poucos segundos."
            )
        )
        self.agreed: QPushButton = self.addButton(
            self.tr("Remover o número"), QMessageBox.ButtonRole.DestructiveRole
        )
        keep = self.addButton(self.tr("Manter o número"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(keep)
        self.setEscapeButton(keep)

"""Dialog that names one of the shop's numbers."""

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.identifiers import SessionId
from app.ui.access.asking_dialog import AskingDialog
from app.ui.page_context import PageContext

_LONGEST = 40


class NameNumberDialog(AskingDialog):
    """Saves the typed name; an empty one removes it."""

    def __init__(self, context: PageContext, session_id: SessionId, parent: QWidget) -> None:
        words = self.tr(
            "Com um nome, a loja sabe de qual número se fala, por exemplo “Balcão” ou “Entregas”."
        )
        super().__init__(context.sentences, context.runner, self.tr("Nome do número"), words, parent)
        self._names, self._session_id = context.core.settings.session_names, session_id
        self.name = QLineEdit(self._names.name_of(session_id) or "")
        self.name.setMaxLength(_LONGEST)
        self.name.setMinimumHeight(36)
        self.name.setAccessibleName(self.tr("Nome deste número"))
        self._finish_layout(self.name, action=self.tr("Salvar nome"))
        self.name.selectAll()

    def submit(self) -> None:
        if self.agreed.isEnabled():
            self.agreed.setEnabled(False)
            self._runner.start(self._rename(self.name.text().strip()), self._refused)

    async def _rename(self, name: str) -> None:
        await self._names.rename(self._session_id, name or None)
        if not self.closed:
            self.accept()

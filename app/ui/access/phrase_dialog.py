"""Dialog that asks for the recovery phrase."""

from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from app.services.text.message_catalog import MessageCatalog
from app.ui.access.asking_dialog import AskingDialog
from app.ui.task_runner import TaskRunner

# Twelve words have at most 107 letters and blanks; one pasted with numbers and lines is longer.
_LONGEST = 400


class PhraseDialog(AskingDialog):
    """Hands the phrase to `use`, whose refusal is shown under the field; `then` is called after it."""

    def __init__(
        self,
        sentences: MessageCatalog,
        runner: TaskRunner,
        use: Callable[[str], Awaitable[None]],
        then: Callable[[], object],
        parent: QWidget,
    ) -> None:
        words = self.tr("Digite as 12 palavras na ordem do papel, separadas por espaços.")
        super().__init__(sentences, runner, self.tr("Frase de recuperação"), words, parent)
        self.setMinimumWidth(560)
        self._use, self._then = use, then
        self.phrase = QLineEdit()
        self.phrase.setMaxLength(_LONGEST)
        self.phrase.setMinimumHeight(36)
        self.phrase.setAccessibleName(self.tr("As 12 palavras da frase de recuperação"))
        self._finish_layout(self.phrase, action=self.tr("Recuperar"))

    def submit(self) -> None:
        if self.agreed.isEnabled():
            self.agreed.setEnabled(False)
            self._runner.start(self._recover(self.phrase.text()), self._refused)

    async def _recover(self, typed: str) -> None:
        await self._use(typed)
        if not self.closed:
            self.accept()
            self._then()

"""Stop page: why the shop does not open, with the cure that there is."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.domain.errors import CocoLokoError
from app.services.text.message_catalog import MessageCatalog
from app.ui.access.phrase_dialog import PhraseDialog
from app.ui.choose_file import open_backup_dialog
from app.ui.main_window import MainWindow
from app.ui.stop_cure import StopActs, StopCure, cure_of
from app.ui.task_runner import TaskRunner


class StopPage(QObject):
    """Page in place of all others, with a button for the cure of the error if it has one."""

    cured = Signal()

    def __init__(
        self, window: MainWindow, sentences: MessageCatalog, error: CocoLokoError, acts: StopActs | None
    ) -> None:
        super().__init__(window)
        self._window, self._sentences, self._acts = window, sentences, acts
        self._runner = TaskRunner(sentences, window)
        self._runner.problem_reported.connect(window.show_problem)
        self.is_cured = False
        cure = cure_of(error) if acts else None
        self._page = window.show_stop(sentences.of_error(error), self._words(cure))
        match cure:
            case StopCure.RECOVER:
                self._page.button.clicked.connect(self._ask_phrase)
            case StopCure.RESTORE:
                self._page.button.clicked.connect(self._ask_backup)
            case StopCure.RETRY:
                self._page.button.clicked.connect(self._end)

    async def finish(self) -> None:
        """Wait for the end of a cure that the closed window has left running."""
        await self._runner.stop()

    def remove(self) -> None:
        self._window.end_alone(self._page)
        self.deleteLater()

    def _words(self, cure: StopCure | None) -> str:
        match cure:
            case StopCure.RECOVER:
                return self.tr("Recuperar com a frase…")
            case StopCure.RESTORE:
                return self.tr("Restaurar cópia…")
            case StopCure.RETRY:
                return self.tr("Tentar de novo")
            case None:
                return ""

    def _ask_phrase(self) -> None:
        assert self._acts  # noqa: S101 - the button is there with them alone
        PhraseDialog(self._sentences, self._runner, self._acts.recover, self._end, self._window).open()

    def _ask_backup(self) -> None:
        open_backup_dialog(self._window, self._start_restoring)

    def _start_restoring(self, file: Path) -> None:
        self._page.button.setEnabled(False)
        self._runner.start(self._restore(file), self._refused)

    async def _restore(self, file: Path) -> None:
        assert self._acts  # noqa: S101 - the button is there with them alone
        await self._acts.restore(file)
        self._end()

    def _refused(self, _: CocoLokoError) -> bool:
        """Let the person choose another file; the window shows the reason."""
        self._page.button.setEnabled(True)
        return False

    def _end(self) -> None:
        self.is_cured = True
        self.cured.emit()

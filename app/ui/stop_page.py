"""Stop page: why the shop does not open, with the cure that there is."""

from collections.abc import Awaitable, Callable
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.domain.errors import BadKeyError, CocoLokoError, KeyMissingError, WrongKeyError
from app.services.text.message_catalog import MessageCatalog
from app.ui.access.phrase_dialog import PhraseDialog
from app.ui.main_window import MainWindow
from app.ui.task_runner import TaskRunner

Recover = Callable[[str], Awaitable[None]]
"""Opens the keys of the shop by a recovery phrase; raises the domain's errors."""


# Such a key belongs to a person or a service manager: the program must not replace it.
_GIVEN: Final = ("environment", "key_file")


class StopPage(QObject):
    """Page in place of all others; a missing, damaged or wrong key can be cured by the recovery phrase."""

    cured = Signal()

    def __init__(
        self, window: MainWindow, sentences: MessageCatalog, error: CocoLokoError, recover: Recover | None
    ) -> None:
        super().__init__(window)
        self._window, self._sentences, self._recover = window, sentences, recover
        self._runner = TaskRunner(sentences, window)
        self._runner.problem_reported.connect(window.show_problem)
        self.is_cured = False
        curable = recover is not None and _is_curable(error)
        cure = self.tr("Recuperar com a frase…") if curable else ""
        self._page = window.show_stop(sentences.of_error(error), cure)
        if curable:
            self._page.button.clicked.connect(self._ask_phrase)

    async def finish(self) -> None:
        """Wait for the end of a recovery that the closed window has left running."""
        await self._runner.stop()

    def remove(self) -> None:
        self._window.end_stop(self._page)
        self.deleteLater()

    def _ask_phrase(self) -> None:
        assert self._recover  # noqa: S101 - the button is there with it alone
        PhraseDialog(self._sentences, self._runner, self._recover, self._end, self._window).open()

    def _end(self) -> None:
        self.is_cured = True
        self.cured.emit()


def _is_curable(error: CocoLokoError) -> bool:
    if isinstance(error, BadKeyError):
        return error.facts.get("place") not in _GIVEN
    return isinstance(error, KeyMissingError | WrongKeyError)

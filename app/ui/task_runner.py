"""Runner of the coroutines that slots start; failures are shown to the person."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.errors import CocoLokoError
from app.services.background_tasks import BackgroundTasks
from app.services.text.message_catalog import MessageCatalog

_log = logging.getLogger(__name__)


class TaskRunner(QObject):
    """Owner of the window's background tasks; `problem_reported` carries the `Sentence` to show."""

    problem_reported = Signal(object)

    def __init__(self, sentences: MessageCatalog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sentences = sentences
        self._tasks = BackgroundTasks()

    def start(
        self,
        work: Coroutine[Any, Any, Any],
        refused: Callable[[CocoLokoError], bool] | None = None,
        *,
        name: str = "",
    ) -> asyncio.Task[None]:
        """Start the coroutine as a task; `name` identifies it in the log, by default its own.

        `refused` gets the error first, an unexpected one as a CocoLokoError; True means that it has been shown where
        it belongs.
        """
        name = name or getattr(work, "__qualname__", type(work).__name__)
        task = self._tasks.start(self._watched(work, refused, name), name)
        # A task cancelled before its first step would leave the coroutine never awaited.
        task.add_done_callback(lambda _: work.close())
        return task

    async def stop(self) -> None:
        await self._tasks.stop()

    async def _watched(
        self, work: Coroutine[Any, Any, Any], refused: Callable[[CocoLokoError], bool] | None, name: str
    ) -> None:
        try:
            await work
        except CocoLokoError as error:
            self._report(error, refused)
        except Exception as error:  # noqa: BLE001 - around one slot
            # The message of a foreign error may hold customer data; its type and place do not.
            _log.error("slot_failed", extra={"work": name, "error_type": type(error).__name__})
            self._report(CocoLokoError(), refused)

    def _report(self, error: CocoLokoError, refused: Callable[[CocoLokoError], bool] | None) -> None:
        if refused is None or not refused(error):
            self.problem_reported.emit(self._sentences.of_error(error))

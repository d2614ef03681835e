"""Logging setup: redacted JSON lines in rotating files, written by a thread of their own."""

import json
import logging
import os
import queue
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from io import TextIOWrapper
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from app.adapters.system.log_hooks import logged_reports
from app.adapters.system.log_redaction import RedactionFilter, redacted, redacted_value
from app.domain.errors import CocoLokoError, DataFolderRefusedError

if TYPE_CHECKING:
    from structlog.stdlib import ProcessorFormatter
    from structlog.typing import EventDict, WrappedLogger

_log = logging.getLogger(__name__)

FOLDER = "logs"
FILE = "balcao.log"
FILES = 5
FILE_SIZE = 2 * 2**20
OWNER_ONLY = 0o600

_META = ("_record", "_from_structlog")


class LogFiles:
    """Context of the log, `with LogFiles(folder):`; at its end all records are on disk."""

    def __init__(self, data_folder: Path, level: int = logging.INFO) -> None:
        self._folder = data_folder / FOLDER
        self._level = level

    def __enter__(self) -> "LogFiles":
        """Start the log; raises DataFolderRefusedError where the file cannot be written."""
        self._file = self._open()
        lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        self._listener = QueueListener(lines, self._file)
        self._handler = _RecordQueue(lines)
        self._handler.addFilter(RedactionFilter())
        self._handler.setFormatter(_JsonLines())
        root = logging.getLogger()
        self._level_before = root.level
        root.setLevel(self._level)
        root.addHandler(self._handler)
        self._listener.start()
        self._reports = ExitStack()
        self._reports.enter_context(logged_reports())
        return self

    def _open(self) -> RotatingFileHandler:
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            return _OwnerFile(
                self._folder / FILE, maxBytes=FILE_SIZE, backupCount=FILES - 1, encoding="utf-8"
            )
        except OSError as error:
            raise DataFolderRefusedError(reason="no_log") from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, CocoLokoError):
            _log.error("ended_by_error", exc_info=error)
        self._reports.close()
        root = logging.getLogger()
        root.removeHandler(self._handler)
        root.setLevel(self._level_before)
        self._listener.stop()
        self._file.close()


class _OwnerFile(RotatingFileHandler):
    """Rotating log handler; its files have mode 0600 under any umask."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=_private)


def _private(path: str, flags: int) -> int:
    handle = os.open(path, flags, OWNER_ONLY)
    if os.name == "posix":
        # An older version may have made it, readable for others.
        os.fchmod(handle, OWNER_ONLY)
    return handle


class _RecordQueue(QueueHandler):
    """Queue handler that never tells stderr of a record it cannot write: its report shows the arguments."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        # No fields: one of them may be the cause.
        lost = logging.LogRecord(record.name, record.levelno, "", 0, "record_not_written", None, None)
        self.enqueue(self.prepare(lost))


class _JsonLines(logging.Formatter):
    """Formatter of JSON lines; loads structlog for the first: a start without one is twenty milliseconds faster.

    Without a free file handle it cannot be loaded; such a line has the moment, level, logger and event alone.
    """

    def format(self, record: logging.LogRecord) -> str:
        try:
            lines = self._lines
        except (ImportError, OSError):
            return _plain_line(record)
        return lines.format(record)

    @cached_property
    def _lines(self) -> "ProcessorFormatter":
        return _json_lines()


def _json_lines() -> "ProcessorFormatter":
    with _without_rich():
        import structlog  # noqa: PLC0415 - without rich

    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            _redact,
            _add_moment,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
        ]
    )


def _plain_line(record: logging.LogRecord) -> str:
    entry = {
        "at": _moment(record),
        "event": record.getMessage(),
        "level": record.levelname.lower(),
        "logger": record.name,
    }
    return json.dumps(entry, ensure_ascii=False)


def _redact(_log: "WrappedLogger", _name: str, entry: "EventDict") -> "EventDict":
    return {
        name if name in _META else redacted(name): value if name in _META else redacted_value(value)
        for name, value in entry.items()
    }


def _add_moment(_log: "WrappedLogger", _name: str, entry: "EventDict") -> "EventDict":
    entry["at"] = _moment(entry["_record"])
    return entry


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


@contextmanager
def _without_rich() -> Iterator[None]:
    """Hide rich from structlog, which draws errors with it where it can; JSON lines do not need its 35 ms."""
    modules: dict[str, Any] = sys.modules
    if "rich" in modules:
        yield
        return
    modules["rich"] = None
    try:
        yield
    finally:
        del modules["rich"]

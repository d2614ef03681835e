"""Hooks that log the reports of Python itself, by kind and place: they show words on stderr otherwise (X4)."""

import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TextIO

_log = logging.getLogger(__name__)

_ExceptHook = Callable[[type[BaseException], BaseException, TracebackType | None], object]


@contextmanager
def logged_reports() -> Iterator[None]:
    """Log warnings, and exceptions that no code catches: in threads, in callbacks of Qt, in finalizers."""
    before = warnings.showwarning, sys.excepthook, threading.excepthook, sys.unraisablehook
    warnings.showwarning, sys.excepthook = _log_warning, _logged_uncaught(sys.excepthook)
    threading.excepthook, sys.unraisablehook = _log_thread, _log_unraisable
    try:
        yield
    finally:
        warnings.showwarning, sys.excepthook, threading.excepthook, sys.unraisablehook = before


def _log_warning(
    message: Warning | str,  # noqa: ARG001 - it may name a customer
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001 - the log's
    line: str | None = None,  # noqa: ARG001 - of the code
) -> None:
    _log.warning(
        "python_warning", extra={"kind": category.__name__, "where": f"{Path(filename).name}:{lineno}"}
    )


def _logged_uncaught(before: _ExceptHook) -> _ExceptHook:
    """Return a hook that logs, and asks the former one unless that is Python's own, which shows the words."""

    def log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.error("uncaught", exc_info=error)
        if before is not sys.__excepthook__:
            before(kind, error, trace)

    return log_uncaught


def _log_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        _log.error("thread_failed", exc_info=told.exc_value)


def _log_unraisable(told: "sys.UnraisableHookArgs") -> None:
    if told.exc_value is not None:
        _log.error("finalizer_failed", exc_info=told.exc_value)

"""Probe of the screen in a child process, because Qt aborts or hangs without one."""

import os
import select
from collections.abc import Callable
from contextlib import suppress
from signal import SIGKILL
from typing import Final, NoReturn

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

UNREACHABLE: Final = "unreachable"
LIBRARIES: Final = "libraries"
UNKNOWN: Final = "unknown"

_OPEN: Final = "open"
_ANSWERS_WITHIN_SECONDS: Final = 10
_LONGEST_ANSWER: Final = 64


def screen_problem(
    answers_within_seconds: float = _ANSWERS_WITHIN_SECONDS, meanwhile: Callable[[], object] = lambda: None
) -> str | None:
    """Return why Qt can open no screen here: `unreachable`, `libraries`, `unknown`; None if it can.

    For systems that fork, before this process has threads or an application of its own. `meanwhile` is called while
    the child process tries.
    """
    answer, told = os.pipe()
    child = os.fork()
    if child == 0:
        _try_screen(told)
    os.close(told)
    try:
        meanwhile()
        said = _answer(answer, answers_within_seconds)
    finally:
        os.close(answer)
        with suppress(ProcessLookupError):
            os.kill(child, SIGKILL)
        os.waitpid(child, 0)
    return None if said == _OPEN else said or UNKNOWN


def _answer(answer: int, within_seconds: float) -> str:
    # The pipe ends with the child, also where Qt crashes in it.
    answered, _, _ = select.select([answer], [], [], within_seconds)
    return os.read(answer, _LONGEST_ANSWER).decode() if answered else UNREACHABLE


def _try_screen(told: int) -> NoReturn:
    """Open Qt's application in the child and write the result to the pipe; its output is discarded."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        said: list[str] = []

        def listen(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
            said.append(message)
            if kind == QtMsgType.QtFatalMsg:
                os.write(told, _meaning("\n".join(said)).encode())
                # Exit before Qt aborts, which would leave a core file or a crash report.
                os._exit(1)

        qInstallMessageHandler(listen)
        QGuiApplication(["coco-balcao"])
        os.write(told, _OPEN.encode())
    finally:
        os._exit(0)


def _meaning(said: str) -> str:
    if "could not connect to display" in said:
        return UNREACHABLE
    return LIBRARIES if "even though it was found" in said else UNKNOWN

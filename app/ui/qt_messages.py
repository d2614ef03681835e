"""Redirection of Qt's messages to the log."""

import logging

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_log = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


# Qt's offscreen screen has no window manager, and says so at each change of a window's least size.
_OF_NO_USE = "This plugin does not support propagateSizeHints()"


def log_qt_messages() -> None:
    qInstallMessageHandler(_log_message)


def _log_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    if message == _OF_NO_USE:
        return
    _log.log(
        _LEVELS.get(kind, logging.WARNING), "qt_message", extra={"said": message, "about": context.category}
    )

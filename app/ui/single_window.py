"""Single window per data folder: a second start raises the one already open."""

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_ANSWER_MILLISECONDS = 2000
_ATTEMPTS, _PAUSE_MILLISECONDS = 20, 100
_HERE = b"aqui\n"


class SingleWindow(QObject):
    """Server of the process that holds the folder's lock; `raise_requested` is emitted on another start."""

    raise_requested = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        name = _name(folder)
        # The socket of a killed process would keep the name taken.
        QLocalServer.removeServer(name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    def _answer(self) -> None:
        caller = self._server.nextPendingConnection()
        caller.disconnected.connect(caller.deleteLater)
        caller.write(_HERE)
        caller.disconnectFromServer()
        self.raise_requested.emit()


def raise_running_window(folder: Path) -> bool:
    """Return whether a window of this folder has answered; retries while one is being opened."""
    return any(_answered(folder, last=attempt == _ATTEMPTS) for attempt in range(1, _ATTEMPTS + 1))


def _answered(folder: Path, *, last: bool) -> bool:
    caller = QLocalSocket()
    caller.connectToServer(_name(folder))
    if not caller.waitForConnected(_ANSWER_MILLISECONDS):
        if not last:
            QThread.msleep(_PAUSE_MILLISECONDS)
        return False
    answered = caller.bytesAvailable() > 0 or caller.waitForReadyRead(_ANSWER_MILLISECONDS)
    return answered and caller.readAll().data() == _HERE


def _name(folder: Path) -> str:
    """Return the folder's socket name, short enough for every system."""
    return f"coco-loko-balcao-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]}"

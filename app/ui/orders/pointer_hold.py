"""Pointer hold: while the pointer moves over the list, no row moves under it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

RESTS_AFTER: Final = timedelta(seconds=1.5)
STEADY_FOR: Final = timedelta(milliseconds=300)


class PointerHold(QObject):
    """Holds changes of the list until the pointer leaves or rests; `released` is emitted once then."""

    released = Signal()

    def __init__(self, elapsed: Callable[[], timedelta], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._elapsed = elapsed
        self._moved_at: timedelta | None = None
        self._shifted_at: timedelta | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(int(RESTS_AFTER.total_seconds() * 1000))
        self._rest.timeout.connect(self.look)

    @property
    def holds(self) -> bool:
        """Whether the pointer is over the list and moved a moment ago."""
        return self._moved_at is not None and self._elapsed() - self._moved_at < RESTS_AFTER

    @property
    def is_steady(self) -> bool:
        """Whether the rows under the pointer have been where they are for long enough to be aimed at."""
        return self._shifted_at is None or self._elapsed() - self._shifted_at >= STEADY_FOR

    def note_move(self) -> None:
        self._moved_at = self._elapsed()
        self._rest.start()

    def note_shift(self) -> None:
        """Note that rows were inserted, removed or moved."""
        self._shifted_at = self._elapsed()

    def leave(self) -> None:
        self._rest.stop()
        self._moved_at = None
        self.released.emit()

    def look(self) -> None:
        """Release the hold of a resting pointer; look again later where it has moved since."""
        if self.holds:
            self._rest.start()
        elif self._moved_at is not None:
            self._moved_at = None
            self.released.emit()

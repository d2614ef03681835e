"""Cyclic garbage collection, restricted to the UI thread."""

import gc

from PySide6.QtCore import QObject, QTimer

_CHECK_EVERY_MILLISECONDS = 2000


class GarbageCollector(QObject):
    """Replacement of the automatic collection, which runs in any allocating thread.

    A widget destroyed on the database's thread ends the process.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start(_CHECK_EVERY_MILLISECONDS)
        gc.disable()

    def collect_if_due(self) -> None:
        """Collect the oldest generation over its threshold, as the automatic collection does."""
        due = zip(gc.get_count(), gc.get_threshold(), strict=True)
        for generation, (count, threshold) in reversed(list(enumerate(due))):
            if count > threshold > 0:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Enable the automatic collection again."""
        self._timer.stop()
        gc.enable()

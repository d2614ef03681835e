"""Collects Python's cyclic garbage on the UI thread alone."""

import gc

from PySide6.QtCore import QObject, QTimer

_CHECK_EVERY_MILLISECONDS = 2000


class GarbageCollector(QObject):
    """Python collects in whatever thread happens to allocate; a widget destroyed on the database's ends the process."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start(_CHECK_EVERY_MILLISECONDS)
        gc.disable()

    def collect_if_due(self) -> None:
        """Collect the oldest generation that is due, as Python itself would have."""
        due = zip(gc.get_count(), gc.get_threshold(), strict=True)
        for generation, (count, threshold) in reversed(list(enumerate(due))):
            if count > threshold > 0:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Leave collecting to Python again."""
        self._timer.stop()
        gc.enable()

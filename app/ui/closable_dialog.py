"""Dialog that a person may close before the work that it started has ended."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget


class ClosableDialog(QDialog):
    """Dialog that is deleted on close; once `closed` is set, its work must not touch it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.closed = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.finished.connect(self._mark_closed)

    def _mark_closed(self) -> None:
        self.closed = True

"""Label for the error of a refused input, under its field."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.domain.errors import CocoLokoError
from app.services.text.message_catalog import MessageCatalog
from app.ui.shown_text import PlainLabel


class FaultLabel(PlainLabel):
    """Error label, hidden until `show_error`."""

    def __init__(self, sentences: MessageCatalog, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._sentences = sentences
        self.setProperty("role", "fault")
        self.setWordWrap(True)
        self.hide()

    def show_error(self, error: CocoLokoError) -> bool:
        """Show the error's sentence; returns True: the task runner must not show it as well."""
        self.setText(str(self._sentences.of_error(error)))
        self.show()
        return True

    def setText(self, text: str) -> None:
        super().setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Ask for all lines: the least height of a dialog counts one, and its widgets would overlap."""
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))

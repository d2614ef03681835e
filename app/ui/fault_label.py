"""Label under an input field that shows why the input was refused."""

from PySide6.QtWidgets import QWidget

from app.domain.errors import CocoLokoError
from app.services.text.message_catalog import MessageCatalog
from app.ui.shown_text import PlainLabel


class FaultLabel(PlainLabel):
    """Hidden until it has an error to show."""

    def __init__(self, sentences: MessageCatalog, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._sentences = sentences
        self.setProperty("role", "fault")
        self.setWordWrap(True)
        self.hide()

    def show_error(self, error: CocoLokoError) -> bool:
        """Show the sentence of this error; True tells the task runner that the person has read it here."""
        self.setText(str(self._sentences.of_error(error)))
        self.show()
        return True

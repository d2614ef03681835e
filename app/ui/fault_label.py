"""Label for the error of a refused input, under its field."""

from app.domain.errors import CocoLokoError
from app.services.text.message_catalog import MessageCatalog
from app.ui.wrapped_label import WrappedLabel


class FaultLabel(WrappedLabel):
    """Error label, hidden until `show_error`."""

    def __init__(self, sentences: MessageCatalog) -> None:
        super().__init__(role="fault")
        self._sentences = sentences
        self.hide()

    def show_error(self, error: CocoLokoError) -> bool:
        """Show the error's sentence; returns True: the task runner must not show it as well."""
        self.setText(str(self._sentences.of_error(error)))
        self.show()
        return True

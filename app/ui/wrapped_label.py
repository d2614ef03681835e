"""Label of several lines that a dialog never squeezes into one."""

from PySide6.QtGui import QResizeEvent

from app.ui.shown_text import PlainLabel


class WrappedLabel(PlainLabel):
    """Label whose least height is that of all its lines at its present width."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__(text)
        self.setWordWrap(True)
        if role:
            self.setProperty("role", role)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Ask for all lines: the least height of a dialog counts one, and its widgets would overlap."""
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))

"""Message beside the clock when a reply arrives while the window is not in front."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.events import Event, ReplyArrived
from app.ui.page_context import PageContext


class ReplyToast(QObject):
    """Requests the toast; it names no customer, because anyone may see the screen."""

    requested = Signal(str, str)
    """Carries title and text."""

    def __init__(self, window: QWidget, context: PageContext) -> None:
        super().__init__(window)
        self._window, self._preferences = window, context.preferences
        context.bridge.event_arrived.connect(self._follow)

    def _follow(self, event: Event) -> None:
        wanted = isinstance(event, ReplyArrived) and self._preferences.value.toasts
        if wanted and not self._window.isActiveWindow():
            text = self.tr("Abra o balcão e aperte F8 para ler.")
            self.requested.emit(self.tr("Um cliente respondeu"), text)

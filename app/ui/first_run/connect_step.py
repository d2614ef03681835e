"""Second step: the pairing page, as in the settings."""

from PySide6.QtWidgets import QLineEdit

from app.domain.session import PairingStep
from app.ui.access.manager_request import as_manager
from app.ui.first_run.step_page import StepPage
from app.ui.page_context import PageContext
from app.ui.settings.pairing_page import PairingPage

# A number whose code was read is linked in a moment; only before that is its pairing given up.
_BEFORE_SCAN = (PairingStep.PREPARING, PairingStep.AWAITING_SCAN, PairingStep.AWAITING_CODE)


class ConnectStep(StepPage):
    """Pairs the shop's first number; the pairing page has the buttons."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, self.tr("Conectar o celular da loja"), "")
        # The pairing page says it itself, and is as high as the smallest screen allows.
        self.title.hide()
        self.words.hide()
        self._connection = context.core.connection
        session_id = self._connection.get_connection_status().session_id
        self.pairing = PairingPage(context, session_id, done_action=self.tr("Continuar"))
        self.pairing.left.connect(self._end)
        self.content.addWidget(self.pairing)
        self.content.addStretch(1)
        self.action = ""

    def enter(self) -> None:
        """Begin at once, after the PIN where another number than the former one may be linked."""
        status = self._connection.get_connection_status()
        if status.pairing or status.is_connected or status.phone:
            return
        if self._connection.relink.needs_manager:
            as_manager(self.context, self, self.pairing.begin)
        else:
            self.pairing.begin()

    def leave(self) -> None:
        if self._connection.get_connection_status().pairing in _BEFORE_SCAN:
            self.context.runner.start(self._connection.disconnect())

    def takes_enter(self) -> bool:
        return isinstance(self.focusWidget(), QLineEdit)

    def _end(self) -> None:
        connected = self._connection.get_connection_status().is_connected
        (self.finished if connected else self.skipped).emit()

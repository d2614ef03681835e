"""Form for a new manager's PIN: two fields, compared before the PIN is saved."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.access import canonical_pin
from app.domain.errors import BadPinError
from app.ui.access.pin_field import PinField
from app.ui.fault_label import FaultLabel
from app.ui.page_context import PageContext


class NewPinForm(QWidget):
    """Asks for the PIN twice; a difference is said here, everything else by the domain."""

    def __init__(self, context: PageContext, fault: FaultLabel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gate, self._fault = context.core.access.gate, fault
        self.pin, self.again = PinField(self.tr("PIN novo")), PinField(self.tr("PIN novo, de novo"))
        self.pin.setPlaceholderText(self.tr("PIN novo"))
        self.again.setPlaceholderText(self.tr("De novo"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for field in (self.pin, self.again):
            layout.addWidget(field)

    def is_complete(self) -> bool:
        """Return whether both fields hold the same PIN; else focus the empty one or show the fault."""
        try:
            same = canonical_pin(self.pin.text()) == canonical_pin(self.again.text() or self.pin.text())
        except BadPinError as error:
            self._fault.show_error(error)
            return False
        if not self.again.text():
            self.again.setFocus()
            return False
        if not same:
            self._fault.setText(self.tr("Os dois PINs são diferentes. Digite os dois de novo."))
            self._fault.show()
        return same

    async def save(self) -> None:
        """Set the PIN; raises ManagerNeededError, BadPinError."""
        await self._gate.set_pin(self.pin.text())

"""QR code for an order's till receipt: scanned from the screen or saved for the printer."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from app.domain.errors import CocoLokoError
from app.domain.order import Order
from app.ports.paper import PaperKind, RollWidth
from app.ui.closable_dialog import ClosableDialog
from app.ui.fault_label import FaultLabel
from app.ui.page_context import PageContext
from app.ui.save_file import open_save_dialog
from app.ui.shown_text import PlainLabel

_WIDTH, _HEIGHT = 400, 420


class TillReceiptDialog(ClosableDialog):
    """Dialog for `open()`; shows the same picture as the printer gets."""

    def __init__(self, context: PageContext, order: Order, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._order = context, order
        self.setWindowTitle(self.tr("QR do recibo"))
        heading = PlainLabel(self.tr("QR do pedido #{number}").format(number=order.number))
        heading.setProperty("role", "title")
        self.picture, self.fault, self.width_ = PlainLabel(), FaultLabel(context.sentences), QComboBox()
        self.picture.setFixedSize(_WIDTH, _HEIGHT)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName(self.tr("Código QR que abre o WhatsApp do cliente com este pedido"))
        # A camera needs white around the code, in the dark theme too.
        self.picture.setStyleSheet("background: #FFFFFF; border-radius: 8px;")
        for words, width in ((self.tr("58 mm"), RollWidth.NARROW), (self.tr("80 mm"), RollWidth.WIDE)):
            self.width_.addItem(words, width)
        hint = PlainLabel(self.tr("O cliente aponta a câmera e só toca em enviar."))
        hint.setProperty("role", "muted")
        form = QFormLayout()
        form.addRow(self.tr("Bobina"), self.width_)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        for part in (heading, hint, self.picture, self.fault):
            layout.addWidget(part)
        layout.addLayout(form)
        layout.addWidget(self._button_box())
        self.width_.currentIndexChanged.connect(self._draw)
        self._draw()

    def save_to(self, file: Path) -> None:
        saving = self._context.core.invitations.save_receipt(file, self._order.id, self._chosen)
        self._context.runner.start(saving, self._refused)

    @property
    def _chosen(self) -> RollWidth:
        return RollWidth(self.width_.currentData())

    def _draw(self) -> None:
        self._context.runner.start(self._drawn(self._chosen), self._refused)

    async def _drawn(self, width: RollWidth) -> None:
        invitations = self._context.core.invitations
        picture = QPixmap()
        picture.loadFromData(await invitations.receipt(self._order.id, width, PaperKind.PNG))
        if not self.closed and width is self._chosen:
            smooth, whole = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.KeepAspectRatio
            fits = picture.width() <= _WIDTH and picture.height() <= _HEIGHT
            self.picture.setPixmap(picture if fits else picture.scaled(_WIDTH, _HEIGHT, whole, smooth))
            self.fault.hide()
            self.save.setEnabled(True)

    def _refused(self, error: CocoLokoError) -> bool:
        return not self.closed and self.fault.show_error(error)

    def _open_save_dialog(self) -> None:
        name = self.tr("pedido-{number}").format(number=self._order.number)
        open_save_dialog(self, name, self.save_to)

    def _button_box(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.save = box.addButton(self.tr("Salvar…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.save.setProperty("role", "primary")
        self.save.setEnabled(False)
        self.save.clicked.connect(self._open_save_dialog)
        box.rejected.connect(self.reject)
        return box

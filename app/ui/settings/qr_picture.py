"""QR code of a pairing, readable by a phone's camera from any screen."""

from functools import lru_cache

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

SIDE = 260
_QUIET_ZONE = 4
_BLACK, _WHITE = QColor("#000000"), QColor("#FFFFFF")


class QrPicture(QWidget):
    """QR code, black on white in both themes; a module is a whole number of physical pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setFixedSize(SIDE, SIDE)
        self.setAccessibleName(self.tr("Código QR para conectar o celular da loja"))

    @property
    def text(self) -> str:
        """Return the encoded text."""
        return self._text

    def show_code(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), _WHITE)
        if not self._text:
            return
        code = _modules(self._text)
        ratio = self.devicePixelRatioF()
        scale = max(int(SIDE * ratio) // code.width(), 1)
        drawn = code.scaled(code.size() * scale, mode=Qt.TransformationMode.FastTransformation)
        drawn.setDevicePixelRatio(ratio)
        size = QSize(round(drawn.width() / ratio), round(drawn.height() / ratio))
        place = QRect((SIDE - size.width()) // 2, (SIDE - size.height()) // 2, size.width(), size.height())
        painter.drawImage(place.topLeft(), drawn)


@lru_cache(maxsize=2)
def _modules(text: str) -> QImage:
    """Return the image of the code with one pixel per module, quiet zone included."""
    # These imports load Pillow, and a shop is paired once.
    from qrcode.constants import ERROR_CORRECT_L  # noqa: PLC0415
    from qrcode.main import QRCode  # noqa: PLC0415

    code = QRCode(error_correction=ERROR_CORRECT_L, border=_QUIET_ZONE)
    code.add_data(text)
    rows = code.get_matrix()
    image = QImage(len(rows), len(rows), QImage.Format.Format_RGB32)
    image.fill(_WHITE)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                image.setPixelColor(x, y, _BLACK)
    return image

"""QR codes drawn as exact squares."""

from PIL import Image
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode

QUIET_ZONE = 4
# A poster gets wet and scratched; a receipt has little room and lives for an hour.
STURDY, SMALL = ERROR_CORRECT_Q, ERROR_CORRECT_M


def qr_modules(text: str, correction: int) -> Image.Image:
    """Return the code, black on white, one pixel per module, with its quiet zone."""
    code = QRCode(error_correction=correction, border=QUIET_ZONE)
    code.add_data(text)
    rows = code.get_matrix()
    image = Image.new("1", (len(rows), len(rows)), 1)
    image.putdata([0 if dark else 1 for row in rows for dark in row])
    return image


def enlarged(modules: Image.Image, scale: int) -> Image.Image:
    """Enlarge each module to a whole number of dots, so that no edge is blurred."""
    return modules.resize((modules.width * scale, modules.height * scale), Image.Resampling.NEAREST)

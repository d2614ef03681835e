"""End of a till receipt for a thermal printer: a small QR code between heading and text."""

from typing import Final

from PIL import Image, ImageDraw

from app.adapters.paper.qr_modules import SMALL, enlarged, qr_modules
from app.adapters.paper.typesetting import Typesetter, balanced, lines_of, settable
from app.ports.paper import RollWidth, TillReceipt

DOTS_PER_INCH = 203
# Printable dots of the paper's width: 48 mm and 72 mm.
_DOTS: Final = {RollWidth.NARROW: 384, RollWidth.WIDE: 576}
# A module of three quarters of a millimetre is read from an arm's length.
_MODULE = 6
_HEADING_SIZE, _TEXT_SIZE = 34, 24
_SPACE = 16


def till_receipt_strip(receipt: TillReceipt, typesetter: Typesetter) -> Image.Image:
    width = _DOTS[receipt.width]
    modules = qr_modules(receipt.link, SMALL)
    code = enlarged(modules, min(_MODULE, width // modules.width))
    heading, words = typesetter.font("Bold", _HEADING_SIZE), typesetter.font("Medium", _TEXT_SIZE)
    titles = lines_of(settable(receipt.heading), heading, width - 2 * _SPACE)
    texts = balanced(settable(receipt.words), words, width - 2 * _SPACE)
    title_step, text_step = round(_HEADING_SIZE * 1.25), round(_TEXT_SIZE * 1.35)
    height = _SPACE + len(titles) * title_step + code.height + len(texts) * text_step + _SPACE
    strip = Image.new("1", (width, height), 1)
    draw = ImageDraw.Draw(strip)
    # Grey edges would print as crumbs.
    draw.fontmode = "1"
    top = _SPACE
    for line in titles:
        draw.text((width // 2, top), line, font=heading, fill=0, anchor="ma")
        top += title_step
    strip.paste(code, ((width - code.width) // 2, top))
    top += code.height
    for line in texts:
        draw.text((width // 2, top), line, font=words, fill=0, anchor="ma")
        top += text_step
    return strip

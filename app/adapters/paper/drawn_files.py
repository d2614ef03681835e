"""Rendering of each paper to a PDF or PNG file, in true size."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from app.adapters.paper import poster_sheet, till_receipt_strip
from app.adapters.paper.typesetting import Typesetter
from app.ports.paper import PaperKind, Poster, TillReceipt


def poster_file(poster: Poster, kind: PaperKind, fonts: Path) -> bytes:
    return _file_of(poster_sheet.poster_sheet(poster, Typesetter(fonts)), kind, poster_sheet.DOTS_PER_INCH)


def till_receipt_file(receipt: TillReceipt, kind: PaperKind, fonts: Path) -> bytes:
    strip = till_receipt_strip.till_receipt_strip(receipt, Typesetter(fonts))
    return _file_of(strip, kind, till_receipt_strip.DOTS_PER_INCH)


def _file_of(image: Image.Image, kind: PaperKind, dots_per_inch: int) -> bytes:
    content = BytesIO()
    if kind is PaperKind.PDF:
        # Black and white images are packed without loss and have no quality setting.
        fine = {} if image.mode == "1" else {"quality": 95}
        image.save(content, "PDF", resolution=dots_per_inch, **fine)
    else:
        image.save(content, "PNG", dpi=(dots_per_inch, dots_per_inch), optimize=True)
    return content.getvalue()

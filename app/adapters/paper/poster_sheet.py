"""Poster for the counter: the shop's name, a large QR code, three steps."""

from PIL import Image, ImageChops, ImageDraw

from app.adapters.paper.qr_modules import STURDY, enlarged, qr_modules
from app.adapters.paper.typesetting import Typesetter, balanced, lines_of, settable
from app.ports.paper import Poster

DOTS_PER_INCH = 300
_WIDTH, _HEIGHT = 2480, 3508
_ACAI, _COCONUT, _LEAF, _WHITE, _INK = "#4B1D52", "#FBF7F0", "#2E7D4F", "#FFFFFF", "#2A1330"
_MARGIN = 200
_BAND = 560
_CODE = 1480
_FRAME = 16
_DISC = 132
_STEP_HEIGHT = 196


def poster_sheet(poster: Poster, typesetter: Typesetter) -> Image.Image:
    sheet = Image.new("RGB", (_WIDTH, _HEIGHT), _COCONUT)
    draw = ImageDraw.Draw(sheet)
    _band(draw, settable(poster.shop), typesetter)
    below = _title(draw, poster.title, typesetter, _BAND + 110)
    below = _code(sheet, draw, poster.link, below + 80)
    below = _steps(draw, poster.steps, typesetter, below + 110)
    _foot(draw, poster, typesetter)
    return sheet


def _band(draw: ImageDraw.ImageDraw, shop: str, typesetter: Typesetter) -> None:
    draw.rectangle((0, 0, _WIDTH, _BAND), fill=_ACAI)
    draw.rectangle((0, _BAND, _WIDTH, _BAND + 18), fill=_LEAF)
    font = typesetter.fitting(shop, "Bold", 230, _WIDTH - 2 * _MARGIN, 130)
    lines = balanced(shop, font, _WIDTH - 2 * _MARGIN)[:2]
    step = round(font.size * 1.15)
    first = _BAND // 2 - step * (len(lines) - 1) // 2
    for at, line in enumerate(lines):
        draw.text((_WIDTH // 2, first + at * step), line, font=font, fill=_COCONUT, anchor="mm")


def _title(draw: ImageDraw.ImageDraw, title: str, typesetter: Typesetter, top: int) -> int:
    font = typesetter.font("SemiBold", 132)
    for line in balanced(title, font, _WIDTH - 2 * _MARGIN):
        draw.text((_WIDTH // 2, top), line, font=font, fill=_ACAI, anchor="ma")
        top += 164
    return top


def _code(sheet: Image.Image, draw: ImageDraw.ImageDraw, link: str, top: int) -> int:
    """Draw the code on a white card that includes its quiet zone; return the lower edge."""
    modules = qr_modules(link, STURDY)
    code = enlarged(modules, _CODE // modules.width)
    left = (_WIDTH - code.width) // 2
    frame = (left - _FRAME, top, left + code.width + _FRAME, top + code.height + 2 * _FRAME)
    draw.rounded_rectangle(frame, radius=72, fill=_WHITE, outline=_ACAI, width=12)
    sheet.paste(_INK, (left, top + _FRAME), ImageChops.invert(code.convert("L")))
    return frame[3]


def _steps(draw: ImageDraw.ImageDraw, steps: tuple[str, ...], typesetter: Typesetter, top: int) -> int:
    """Draw the steps, each after its number in a leaf-green disc; return the lower edge."""
    words, figure = typesetter.font("Medium", 92), typesetter.font("Bold", 78)
    left = _MARGIN + 90
    for number, step in enumerate(steps, start=1):
        middle = top + _STEP_HEIGHT // 2
        draw.ellipse((left, middle - _DISC // 2, left + _DISC, middle + _DISC // 2), fill=_LEAF)
        draw.text((left + _DISC // 2, middle), str(number), font=figure, fill=_WHITE, anchor="mm")
        lines = lines_of(step, words, _WIDTH - left - _DISC - 60 - _MARGIN)[:2]
        first = middle - 52 * (len(lines) - 1)
        for at, line in enumerate(lines):
            draw.text((left + _DISC + 60, first + at * 104), line, font=words, fill=_INK, anchor="lm")
        top += _STEP_HEIGHT
    return top


def _foot(draw: ImageDraw.ImageDraw, poster: Poster, typesetter: Typesetter) -> None:
    number, note = typesetter.font("SemiBold", 64), typesetter.font("Regular", 52)
    draw.text((_WIDTH // 2, _HEIGHT - 200), poster.number, font=number, fill=_ACAI, anchor="mm")
    draw.text((_WIDTH // 2, _HEIGHT - 116), poster.note, font=note, fill=_INK, anchor="mm")

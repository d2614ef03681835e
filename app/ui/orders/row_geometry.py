"""Geometry of a list row, in a wide, a narrow and a tight list."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF

from app.ui.chip_pixmap import CHIP_HEIGHT

NARROW: Final = 700
TIGHT: Final = 520
ROW_HEIGHT: Final = 62
HEADING_HEIGHT: Final = 34
_GAP = 6
_PAD = 16
_NUMBER, _NARROW_NUMBER = 96, 84
_AGE = 88
_CHIP, _NARROW_CHIP = 212, 172
_BUTTON, _NARROW_BUTTON = 156, 132
_TIGHT_NUMBER, _TIGHT_BUTTON = 70, 124
_TARGET = 36
_UPPER, _LINE = 24, 22


@dataclass(frozen=True, slots=True)
class RowGeometry:
    """Rectangles of a row; in a `narrow` list the age stands under the number.

    In a tight list, beside the training's dock, the chip stands in the place of the items, and there are no dots.
    """

    card: QRect
    number: QRect
    age: QRect
    name: QRect
    line: QRect
    chip: QRect
    dots: QRect
    button: QRect
    narrow: bool


def geometry(row: QRect) -> RowGeometry:
    """Compute the rectangles; from the left: number, name and items, age, present message and dots, button."""
    return _tight(row) if row.width() < TIGHT else _roomy(row)


def _tight(row: QRect) -> RowGeometry:
    card = QRect(row.left(), row.top(), row.width(), ROW_HEIGHT - _GAP)
    upper, lower, left = card.top() + 4, card.top() + 28, card.left() + 12
    button = QRect(card.right() - 6 - _TIGHT_BUTTON, card.center().y() - _TARGET // 2, _TIGHT_BUTTON, _TARGET)
    words_left = left + _TIGHT_NUMBER
    words = button.left() - 8 - words_left
    return RowGeometry(
        card=card,
        number=QRect(left, upper, _TIGHT_NUMBER - 6, _UPPER),
        age=QRect(left, lower, _TIGHT_NUMBER - 6, _LINE),
        name=QRect(words_left, upper, words, _UPPER),
        line=QRect(words_left, lower, 0, _LINE),
        chip=QRect(words_left, lower - 1, words, CHIP_HEIGHT),
        dots=QRect(),
        button=button,
        narrow=True,
    )


def _roomy(row: QRect) -> RowGeometry:
    narrow = row.width() < NARROW
    card = QRect(row.left(), row.top(), row.width(), ROW_HEIGHT - _GAP)
    upper, lower = card.top() + 6, card.top() + 30
    left = card.left() + _PAD
    wide = _NARROW_BUTTON if narrow else _BUTTON
    button = QRect(card.right() - 10 - wide, card.center().y() - _TARGET // 2, wide, _TARGET)
    chip_wide = _NARROW_CHIP if narrow else _CHIP
    chip_left = button.left() - 8 - chip_wide
    words_left = left + (_NARROW_NUMBER if narrow else _NUMBER)
    words_end = chip_left - 8 if narrow else chip_left - _AGE - 12
    number_height = 28 if narrow else card.height()
    age = (
        QRect(left, lower, _NARROW_NUMBER - 8, _LINE)
        if narrow
        else QRect(words_end + 4, card.top(), _AGE, card.height())
    )
    return RowGeometry(
        card=card,
        number=QRect(left, card.top() + (3 if narrow else 0), words_left - left - 8, number_height),
        age=age,
        name=QRect(words_left, upper, words_end - words_left, _UPPER),
        line=QRect(words_left, lower, words_end - words_left, _LINE),
        chip=QRect(chip_left, upper, chip_wide, CHIP_HEIGHT),
        dots=QRect(chip_left + 4, lower, chip_wide, _LINE),
        button=button,
        narrow=narrow,
    )


def unscaled(row: QRect, scale: float) -> QRect:
    """Return the row's rectangle in units of letter size normal, from its own top left corner."""
    return QRect(0, 0, round(row.width() / scale), round(row.height() / scale))


def button_of(row: QRect, scale: float) -> QRect:
    """Return the button's rectangle as it is painted at this letter scale."""
    button = geometry(unscaled(row, scale)).button
    place = QRectF(button.x() * scale, button.y() * scale, button.width() * scale, button.height() * scale)
    return place.translated(row.topLeft()).toRect()

"""Geometry of a list row, in a wide and in a narrow window."""

from dataclasses import dataclass

from PySide6.QtCore import QRect

from app.ui.chip_pixmap import CHIP_HEIGHT

NARROW = 760
_GAP = 8
_WIDE_HEIGHT, _NARROW_HEIGHT = 70, 106
_PAD = 16
_NUMBER = 76
_STAGE = 118
_STAGE_WORD = 74
_BUTTON = 148
_TARGET = 36
_LINE = 22


@dataclass(frozen=True, slots=True)
class StagePlace:
    label: QRect
    chip: QRect


@dataclass(frozen=True, slots=True)
class RowGeometry:
    """Rectangles of a row; if `narrow`, the stages have their own line and no room for times."""

    card: QRect
    number: QRect
    age: QRect
    name: QRect
    line: QRect
    stages: tuple[StagePlace, StagePlace, StagePlace]
    button: QRect
    narrow: bool


def row_height(width: int) -> int:
    """Return the height, including the gap to the next row."""
    return (_NARROW_HEIGHT if width < NARROW else _WIDE_HEIGHT) + _GAP


def geometry(row: QRect) -> RowGeometry:
    """Compute the rectangles; from the left: number and age, name and items, three stages, button."""
    narrow = row.width() < NARROW
    card = QRect(row.left(), row.top(), row.width(), row_height(row.width()) - _GAP)
    upper, lower = card.top() + 11, card.top() + 38
    left = card.left() + _PAD
    middle = card.top() + _WIDE_HEIGHT // 2
    button = QRect(card.right() - 12 - _BUTTON, middle - _TARGET // 2, _BUTTON, _TARGET)
    words_end = button.left() - 8 - (0 if narrow else 3 * _STAGE + 8)
    words_left = left + _NUMBER
    stages = _beneath(card) if narrow else _beside(card, button.left() - 8 - 3 * _STAGE)
    return RowGeometry(
        card=card,
        number=QRect(left, upper, _NUMBER - 8, _LINE),
        age=QRect(left, lower, _NUMBER - 8, _LINE),
        name=QRect(words_left, upper, words_end - words_left, _LINE),
        line=QRect(words_left, lower, words_end - words_left, _LINE),
        stages=stages,
        button=button,
        narrow=narrow,
    )


def _beside(card: QRect, left: int) -> tuple[StagePlace, StagePlace, StagePlace]:
    def place(at: int) -> StagePlace:
        column = left + at * _STAGE
        label = QRect(column + 2, card.top() + 8, _STAGE - 6, 18)
        return StagePlace(label, QRect(column, card.bottom() - 8 - CHIP_HEIGHT, _STAGE - 6, CHIP_HEIGHT))

    return place(0), place(1), place(2)


def _beneath(card: QRect) -> tuple[StagePlace, StagePlace, StagePlace]:
    def place(at: int) -> StagePlace:
        third = (card.width() - 2 * _PAD) // 3
        left, top = card.left() + _PAD + at * third, card.bottom() - 9 - CHIP_HEIGHT
        chip = QRect(left + _STAGE_WORD, top, third - _STAGE_WORD, CHIP_HEIGHT)
        return StagePlace(QRect(left, top, _STAGE_WORD - 4, CHIP_HEIGHT), chip)

    return place(0), place(1), place(2)

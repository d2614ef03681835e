"""Where everything stands within one row of the list."""

from dataclasses import dataclass

from PySide6.QtCore import QRect

ROW_HEIGHT = 78
_GAP = 8
_PAD = 16
_NUMBER = 76
_STAGE = 118
_BUTTON = 148
_TARGET = 36


@dataclass(frozen=True, slots=True)
class RowGeometry:
    card: QRect
    number: QRect
    age: QRect
    name: QRect
    line: QRect
    stages: tuple[QRect, QRect, QRect]
    button: QRect


def geometry(row: QRect) -> RowGeometry:
    """From the left: number and age, name and items, three stages, the button."""
    card = QRect(row.left(), row.top(), row.width(), ROW_HEIGHT - _GAP)
    upper, lower = card.top() + 11, card.top() + 38
    left = card.left() + _PAD
    button = QRect(card.right() - 12 - _BUTTON, card.center().y() - _TARGET // 2, _BUTTON, _TARGET)
    stages_left = button.left() - 8 - 3 * _STAGE
    words_left = left + _NUMBER
    words_width = stages_left - 8 - words_left
    stages = tuple(
        QRect(stages_left + at * _STAGE, card.top() + 8, _STAGE - 6, card.height() - 14) for at in range(3)
    )
    return RowGeometry(
        card=card,
        number=QRect(left, upper, _NUMBER - 8, 22),
        age=QRect(left, lower, _NUMBER - 8, 22),
        name=QRect(words_left, upper, words_width, 22),
        line=QRect(words_left, lower, words_width, 22),
        stages=(stages[0], stages[1], stages[2]),
        button=button,
    )

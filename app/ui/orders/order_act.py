"""Acts on the chosen order that have a key of their own in the list."""

from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import Qt


class OrderAct(Enum):
    """Act on the chosen order."""

    RETRY = auto()
    ANSWER = auto()
    MESSAGE = auto()
    HAND_OVER = auto()
    ALREADY_TOLD = auto()
    COPY_PHONE = auto()
    CORRECT = auto()
    STEP_BACK = auto()


ACT_KEYS: Final[Mapping[Qt.Key, OrderAct]] = MappingProxyType(
    {
        Qt.Key.Key_T: OrderAct.RETRY,
        Qt.Key.Key_R: OrderAct.ANSWER,
        Qt.Key.Key_M: OrderAct.MESSAGE,
        Qt.Key.Key_A: OrderAct.HAND_OVER,
        Qt.Key.Key_J: OrderAct.ALREADY_TOLD,
        Qt.Key.Key_C: OrderAct.COPY_PHONE,
        Qt.Key.Key_E: OrderAct.CORRECT,
        Qt.Key.Key_Backspace: OrderAct.STEP_BACK,
    }
)

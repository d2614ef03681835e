"""Opens the window where there is a screen; light, so that whoever has none never loads Qt."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from app.domain.errors import NoScreenError
from app.services.core import Core
from app.services.sentences import Sentences

if TYPE_CHECKING:
    from app.ui.application import Furnish
    from app.ui.hidden_screen import HiddenScreen

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def open_window(
    make_core: Callable[[], AbstractAsyncContextManager[Core]],
    sentences: Sentences,
    *,
    shop_name: str,
    training: bool,
    furnishings: Sequence["Furnish"],
) -> int:
    """The exit code; raises NoScreenError, for Qt itself would end the process without a word to the person."""
    if sys.platform == "linux" and not any(os.environ.get(name) for name in _SCREENS):
        raise NoScreenError
    try:
        application = import_module("app.ui.application")
    except ImportError as missing:
        raise NoScreenError from missing
    code: int = application.run_window(
        make_core, sentences, shop_name=shop_name, training=training, furnishings=furnishings
    )
    return code


def qt_belongs_here() -> bool:
    """A package always brings it; an installation may do without."""
    return getattr(sys, "frozen", False) or find_spec("PySide6") is not None


def open_hidden_screen(sentences: Sentences, shop_name: str) -> "HiddenScreen | None":
    """None where Qt cannot be loaded."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        module = import_module("app.ui.hidden_screen")
    except ImportError:
        return None
    screen: HiddenScreen = module.HiddenScreen(sentences, shop_name)
    return screen

"""Opens the window where there is a screen; light, so that whoever has none never loads Qt."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from typing import TYPE_CHECKING

from app.domain.errors import NoScreenError
from app.services.core import Core
from app.services.sentences import Sentences

if TYPE_CHECKING:
    from app.ui.application import Furnish

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

"""Lazy entry to the window: imports Qt only if there is a screen."""

import builtins
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from app.domain.errors import NoScreenError
from app.services.runtime.core import Core
from app.services.text.message_catalog import MessageCatalog

if TYPE_CHECKING:
    from app.ui.hidden_screen import HiddenScreen
    from app.ui.machine import Machine
    from app.ui.stop_cure import StopActs
    from app.ui.window_lifecycle import WindowExtension

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def open_window(
    make_core: Callable[[], AbstractAsyncContextManager[Core]],
    sentences: MessageCatalog,
    *,
    folder: Path | None,
    shop_name: str,
    training: bool,
    extensions: Sequence["WindowExtension"],
    acts: "StopActs | None" = None,
    machine: "Machine | None" = None,
) -> int:
    """Run the window; returns the exit code. Other starts over the same, locked `folder` raise it."""
    code: int = _module("application").run_window(
        make_core,
        sentences,
        folder=folder,
        shop_name=shop_name,
        training=training,
        extensions=extensions,
        acts=acts,
        machine=machine,
    )
    return code


def qt_belongs_here() -> bool:
    """Return whether Qt is expected: a frozen package always has it, an installation may not."""
    return getattr(sys, "frozen", False) or find_spec("PySide6") is not None


def open_hidden_screen(sentences: MessageCatalog, shop_name: str) -> "HiddenScreen | None":
    """Return an offscreen application, None if Qt cannot be loaded."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        screen: HiddenScreen = _module("hidden_screen").HiddenScreen(sentences, shop_name)
    except NoScreenError:
        return None
    return screen


def demand_screen() -> None:
    """Check the screen; raises NoScreenError, because Qt would end the process without a message."""
    if sys.platform == "linux":
        named = [f"{name}={os.environ[name]}" for name in _SCREENS if os.environ.get(name)]
        if not named:
            raise NoScreenError
        # The window's modules are loaded while the child process tries the screen.
        if problem := _module("screen_probe").screen_problem(meanwhile=lambda: _module("application")):
            raise NoScreenError(reason=problem, screen=named[0])
    _module("application")


def raise_running_window(folder: Path) -> bool:
    """Return whether another process has a window over this folder, now raised."""
    raised: bool = _module("single_window").raise_running_window(folder)
    return raised


def _module(name: str) -> ModuleType:
    """Import a module that loads Qt; a missing system library raises NoScreenError too."""
    try:
        import_module("PySide6.QtCore")
        # PySide6 has each import look through the module's source for its `__feature__`, which no module here uses.
        builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
        return import_module(f"app.ui.{name}")
    except ImportError as missing:
        raise NoScreenError(reason="libraries") from missing

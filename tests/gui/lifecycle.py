"""Lifecycle of a window over a core of the test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from app import paths
from app.services.runtime.core import Core
from app.services.text.message_catalog import MessageCatalog
from app.ui.main_window import MainWindow
from app.ui.pages import add_pages
from app.ui.stop_cure import StopActs
from app.ui.theme import Theme
from app.ui.window_lifecycle import WindowExtension, WindowLifecycle
from tests.harness.shop import open_shop

SENTENCES = MessageCatalog(paths.sentences("pt-BR").read_text("utf-8"))
Act = Callable[[Any], Awaitable[None]]


async def no_act(_: object) -> None: ...


def lifecycle(
    theme: Theme,
    *extensions: WindowExtension,
    recover: Act | None = None,
    restore: Act | None = None,
    training: bool = True,
) -> WindowLifecycle:
    window, pages = MainWindow(theme, SENTENCES, "Coco Loko", training=training), (add_pages, *extensions)
    acts = StopActs(recover or no_act, restore or no_act, no_act) if recover or restore else None
    return WindowLifecycle(window, SENTENCES, "Coco Loko", pages, training=training, acts=acts)


class Refused:
    """Core that refuses to open."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def __aenter__(self) -> Core:
        raise self._error

    async def __aexit__(self, *_: object) -> None: ...


@asynccontextmanager
async def running() -> AsyncIterator[Core]:
    async with open_shop() as shop:
        yield shop.core

"""Self-test of the main window: draws it offscreen and checks the picture."""

import asyncio
from collections.abc import Coroutine
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Final

from PySide6.QtGui import QFontDatabase, QImage, QImageReader

from app import paths
from app.domain.errors import ContractViolationError
from app.services.runtime.core import Core
from app.services.text.message_catalog import MessageCatalog
from app.ui.application import make_application
from app.ui.main_window import MainWindow
from app.ui.orders.orders_page import OrdersPage
from app.ui.page_context import PageContext
from app.ui.pages import add_pages
from app.ui.qt_loop import new_loop
from app.ui.theme import FAMILY, Theme
from app.ui.window_lifecycle import WindowLifecycle

_ROWS_WITHIN: Final = timedelta(seconds=10)
# A window without letters or icons has only the fills of header, page and cards.
_FEWEST_COLOURS: Final = 24
_EVERY_PIXELS: Final = 3


class HiddenScreen:
    """Offscreen application with the product's event loop; the caller chooses the platform plugin."""

    def __init__(self, sentences: MessageCatalog, shop_name: str) -> None:
        self._sentences, self._shop_name = sentences, shop_name
        self._app = make_application()

    def run(self, work: Coroutine[None, None, bool]) -> bool:
        loop = new_loop(self._app)
        try:
            return loop.run_until_complete(work)
        finally:
            loop.close()
            asyncio.set_event_loop(None)

    async def draw(self, core: Core, picture: Path) -> None:
        """Save a PNG of the window with the shop's orders; raises ContractViolationError if it stays empty."""
        window = MainWindow(Theme(self._app), self._sentences, self._shop_name, training=True)
        grabber = WindowGrabber(picture)
        lifecycle = WindowLifecycle(
            window, self._sentences, self._shop_name, (add_pages, grabber.grab_when_filled), training=True
        )
        grabber.done = lifecycle.closing
        await lifecycle.run(lambda: nullcontext(core))
        grabber.check_picture()


class WindowGrabber:
    """Grabs the window after the first rows, which are fetched once the list is painted."""

    def __init__(self, picture: Path) -> None:
        self._picture = picture
        self.done = asyncio.Event()

    def grab_when_filled(self, window: MainWindow, context: PageContext) -> None:
        context.runner.start(self._wait_and_grab(window, context))

    def check_picture(self) -> None:
        """Check the picture, and the fonts and SVG plugin that Qt silently does without."""
        brought = any((paths.resources() / "fonts").glob("*.otf"))
        if not brought or FAMILY not in QFontDatabase.families():
            raise ContractViolationError("the type is missing")
        if b"svg" not in [bytes(name.data()) for name in QImageReader.supportedImageFormats()]:
            raise ContractViolationError("the stylesheet's icons cannot be read")
        if len(_colours(QImage(str(self._picture)))) < _FEWEST_COLOURS:
            raise ContractViolationError("the window is blank")

    async def _wait_and_grab(self, window: MainWindow, context: PageContext) -> None:
        try:
            page, arrived = window.findChild(OrdersPage), asyncio.Event()
            if isinstance(page, OrdersPage):
                page.orders.rows_arrived.connect(lambda _: arrived.set())
                await context.core.clock.wait(arrived, _ROWS_WITHIN)
            if arrived.is_set():
                window.grab().save(str(self._picture))
        finally:
            self.done.set()


def _colours(image: QImage) -> set[int]:
    across, down = range(0, image.width(), _EVERY_PIXELS), range(0, image.height(), _EVERY_PIXELS)
    return {image.pixel(x, y) for x in across for y in down}

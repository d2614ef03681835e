"""Window application: runs the window and the core on one event loop."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.domain.errors import CocoLokoError
from app.services.text.message_catalog import MessageCatalog
from app.ui.first_run.opening import add_first_run
from app.ui.garbage import GarbageCollector
from app.ui.language import install_portuguese
from app.ui.machine import Machine
from app.ui.main_window import MainWindow
from app.ui.pages import add_pages
from app.ui.qt_loop import new_loop
from app.ui.qt_messages import log_qt_messages
from app.ui.single_window import SingleWindow
from app.ui.stop_cure import StopActs
from app.ui.theme import Theme
from app.ui.window_lifecycle import MakeCore, WindowExtension, WindowLifecycle


def run_window(
    make_core: MakeCore,
    sentences: MessageCatalog,
    *,
    folder: Path | None = None,
    shop_name: str,
    training: bool = False,
    extensions: Sequence[WindowExtension] = (),
    acts: StopActs | None = None,
    machine: Machine | None = None,
) -> int:
    """Run the window until it is closed; returns the exit code: 0, or 2 if the core refused to open.

    `extensions` add optional parts to the window; `machine` holds the ports of this PC. Another start over the same
    `folder`, of which this process holds the lock, raises this window.
    """
    app = make_application()
    loop, collector, theme = new_loop(app), GarbageCollector(app), Theme(app)
    single = SingleWindow(folder, app) if folder else None

    def new_lifecycle() -> WindowLifecycle:
        window = MainWindow(theme, sentences, shop_name, training=training)
        parts = (add_pages, add_first_run, *extensions)
        return WindowLifecycle(
            window, sentences, shop_name, parts, training=training, acts=acts, machine=machine
        )

    try:
        return loop.run_until_complete(_run_windows(new_lifecycle, make_core, single))
    finally:
        if single:
            single.close()
        loop.close()
        collector.stop()
        asyncio.set_event_loop(None)


async def _run_windows(
    new_lifecycle: Callable[[], WindowLifecycle], make_core: MakeCore, single: SingleWindow | None
) -> int:
    """Run one window after another: a new one opens once a backup of another PC was to be imported."""
    refusal: CocoLokoError | None = None
    while True:
        lifecycle = new_lifecycle()
        if refusal:
            lifecycle.show_refusal(refusal)
        if single:
            single.raise_requested.connect(lifecycle.bring_to_front)
        code = await lifecycle.run(make_core)
        if single:
            single.raise_requested.disconnect(lifecycle.bring_to_front)
        if code or not lifecycle.chosen_copy:
            return code
        refusal = await lifecycle.import_chosen()


def make_application() -> QApplication:
    """Return the QApplication, in Portuguese, with Qt's messages redirected to the log."""
    log_qt_messages()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("coco-loko-balcao")
    app.setQuitOnLastWindowClosed(False)
    install_portuguese(app)
    return app

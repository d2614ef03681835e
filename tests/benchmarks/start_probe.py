"""Runs main.py unchanged, and says when its window was first painted and when its list of orders could be used.

`python tests/benchmarks/start_probe.py BEGAN ARGUMENT...`: BEGAN is the steady clock of the caller. It writes one
line of JSON, with the names of all modules that are loaded by then, and ends the process.
"""

import importlib.util
import json
import os
import sys
import time  # noqa: TID251 - a clock of the program would be an import that is measured
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
_WATCHED = "app.ui.application"


class _Watch(MetaPathFinder):
    """Hands the module that opens the window over once it is loaded."""

    def __init__(self, loaded: Callable[[Any], None]) -> None:
        self._loaded = loaded

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != _WATCHED:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        assert spec
        assert spec.loader
        load = spec.loader.exec_module

        def load_and_watch(module: ModuleType) -> None:
            load(module)
            self._loaded(module)

        spec.loader.exec_module = load_and_watch  # type: ignore[method-assign]
        return spec


def main() -> int:
    began = float(sys.argv.pop(1))
    sys.path[0] = str(ROOT)
    moments: dict[str, float] = {}

    def reached(name: str) -> None:
        moments.setdefault(name, round((time.monotonic() - began) * 1000, 1))

    def usable() -> None:
        reached("usable_ms")
        # Of all threads: other programs change it far less than the time that passed.
        moments["processor_ms"] = round(time.process_time() * 1000, 1)
        sys.stdout.write(json.dumps({**moments, "modules": sorted(sys.modules)}) + "\n")
        sys.stdout.flush()
        os._exit(0)

    sys.meta_path.insert(0, _Watch(lambda module: _watch(module, lambda: reached("first_paint_ms"), usable)))
    import main as program  # noqa: PLC0415 - from the root of the checkout

    return program.main()


def _watch(application: Any, painted: Callable[[], None], usable: Callable[[], None]) -> None:
    """Wrap what makes the window and what fills it."""
    from PySide6.QtCore import QEvent, QObject, QTimer  # noqa: PLC0415 - the program has loaded it by now

    class Paints(QObject):
        filled = False

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint:
                QTimer.singleShot(0, painted)
            # The window's own: all that is due is painted while it is handled.
            if event.type() == QEvent.Type.UpdateRequest and self.filled:
                QTimer.singleShot(0, usable)
            return super().eventFilter(watched, event)

    paints = Paints()
    make, fill = application.MainWindow, application.add_pages

    def made(*given: object, **named: object) -> object:
        window = make(*given, **named)
        window.installEventFilter(paints)
        return window

    def filled(window: Any, context: Any) -> None:
        from app.ui.orders.orders_page import OrdersPage  # noqa: PLC0415 - loaded with the window

        fill(window, context)
        page = window.findChild(OrdersPage)

        def complete(*_: object) -> None:
            # A shop with orders has its rows fetched after the list is known.
            paints.filled = True
            window.update()

        page.orders.rows_arrived.connect(complete)
        page.orders.shown.connect(lambda: None if page.orders.ids else complete())

    application.MainWindow, application.add_pages = made, filled


if __name__ == "__main__":
    raise SystemExit(main())

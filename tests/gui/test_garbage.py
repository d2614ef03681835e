"""Garbage collection runs in the UI thread only."""

import gc
import weakref
from threading import Thread

from app.ui.garbage import GarbageCollector
from app.ui.theme import Theme


class Node:
    """Reference cycle, freed only by the collector."""

    def __init__(self) -> None:
        self.itself = self


def test_other_threads_never_collect_and_the_ui_thread_does(theme: Theme) -> None:
    collector = GarbageCollector(theme)
    try:
        left = weakref.ref(Node())
        busy = Thread(target=lambda: [[] for _ in range(gc.get_threshold()[0] * 20)])
        busy.start()
        busy.join()
        assert left() is not None
        kept = [[] for _ in range(gc.get_threshold()[0] + 10)]  # type: ignore[var-annotated]
        collector.collect_if_due()
        assert left() is None
        assert kept
    finally:
        collector.stop()
    assert gc.isenabled()

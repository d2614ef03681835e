"""Grabber of scenes in light and dark; the environment gives Qt's scale."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app import paths
from app.domain.identifiers import SessionId
from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import NO_RATE_LIMIT, RateLimitPolicy
from app.services.runtime.dependencies import ServiceConfig
from app.services.text.message_catalog import MessageCatalog
from app.ui.application import make_application
from app.ui.event_bridge import EventBridge
from app.ui.main_window import MainWindow
from app.ui.page_context import PageContext
from app.ui.pages import add_pages
from app.ui.palette import DARK, LIGHT
from app.ui.qt_loop import new_loop
from app.ui.task_runner import TaskRunner
from app.ui.theme import Theme
from tests.gui.screens.scenes import SCENES, Scene
from tests.gui.screens.stage import Stage
from tests.harness.settings_shop import live_settings
from tests.harness.shop import open_shop, shop_choices
from tests.simulators.moved_clock import let_tasks_run

_SHOP = "Coco Loko Açaiteria"
_ENVIRONMENT = {"SHOP_AREA_CODE": "71"}
_FILE = {"SHOP_NAME": "Coco Loko da Praia"}


async def shoot(scene: Scene, app: QApplication, folder: Path, size: str) -> None:
    theme = Theme(app)
    theme.apply_palette(LIGHT)
    choices, live = _choices(scene), live_settings(_ENVIRONMENT, _FILE) if scene.given else None
    sentences = MessageCatalog(paths.sentences("pt-BR").read_text("utf-8"))
    async with open_shop(
        paired=scene.paired, undo_window=scene.undo_window, choices=choices, live=live
    ) as shop:
        window = MainWindow(theme, sentences, _SHOP, training=scene.training)
        window.resize(*(int(part) for part in size.split("x")))
        bridge = EventBridge(shop.core, window)
        runner = TaskRunner(sentences, window)
        parts = (shop.core, bridge, runner, sentences, theme, _SHOP, scene.training)
        context = PageContext(*parts, import_copy=lambda _: None)
        stage = Stage(shop, window, context)
        if scene.before:
            await scene.before(stage)
        if scene.with_pages:
            add_pages(window, context)
        window.show()
        await stage.settle()
        await scene.play(stage)
        _check_size(window, size)
        for name, palette in (("claro", LIGHT), ("escuro", DARK)):
            theme.apply_palette(palette)
            await stage.settle()
            picture = _picture_of(window)
            picture.save(str(folder / f"{scene.name}.{name}.{size}.png"))
        bridge.close()
        await runner.stop()
        _remove(window, theme)
    await let_tasks_run()


def _choices(scene: Scene) -> ServiceConfig:
    more = tuple(SessionId(name) for name in scene.more_numbers)
    pace = RateLimitPolicy() if scene.paced else NO_RATE_LIMIT
    return shop_choices(pace=pace, more_sessions=more, queue=QueuePolicy())


def _remove(window: MainWindow, theme: Theme) -> None:
    for widget in QApplication.topLevelWidgets():
        widget.hide()
    window.deleteLater()
    theme.deleteLater()


def _check_size(window: MainWindow, size: str) -> None:
    """Raise where the window's content does not fit in the size that it was given."""
    if (shown := f"{window.width()}x{window.height()}") != size:
        raise ValueError(f"the window is {shown}, not {size}")


def _picture_of(window: MainWindow) -> QPixmap:
    """Return the picture of the window with popups and dialogs over it."""
    picture = window.grab()
    painter = QPainter(picture)
    for other in _over(window):
        place = _place_of(other, window)
        painter.drawPixmap(place, other.grab())
        painter.drawRect(QRect(place, other.size()))
    painter.end()
    return picture


def _place_of(other: QWidget, window: MainWindow) -> QPoint:
    """Return the widget's place; dialogs are centred, since the offscreen screen is smaller than ours."""
    if isinstance(other, QDialog):
        return window.rect().center() - other.rect().center()
    return other.mapToGlobal(QPoint(0, 0)) - window.mapToGlobal(QPoint(0, 0))


def _over(window: MainWindow) -> Sequence[QWidget]:
    return [w for w in QApplication.topLevelWidgets() if w is not window and w.isVisible() and w.width() > 1]


async def _shoot_or_name(scene: Scene, app: QApplication, folder: Path, size: str) -> None:
    """Shoot the scene; a failure carries its name, which a bare traceback would not."""
    try:
        await asyncio.wait_for(shoot(scene, app, folder, size), 20)
    except BaseException as error:
        error.add_note(f"scene {scene.name} at {size}")
        raise


def main() -> None:
    # The offscreen platform logs a warning for each size hint.
    logging.disable(logging.WARNING)
    folder, size, wanted = Path(sys.argv[1]), sys.argv[2], set(sys.argv[3:])
    app = make_application()
    # A blinking caret would make two runs differ.
    app.setCursorFlashTime(0)
    loop = new_loop(app)

    async def all_scenes() -> None:
        for scene in SCENES:
            if not wanted or scene.name in wanted:
                await _shoot_or_name(scene, app, folder, size)

    loop.run_until_complete(all_scenes())
    loop.close()


if __name__ == "__main__":
    main()

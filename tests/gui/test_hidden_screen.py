"""Check of the grabbed window: a blank picture is refused."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from app.domain.errors import ContractViolationError
from app.ui.hidden_screen import WindowGrabber
from app.ui.theme import Theme


def _picture(folder: Path, colours: int) -> Path:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    for x in range(image.width()):
        for y in range(image.height()):
            image.setPixelColor(x, y, QColor.fromHsv(x * colours // image.width() * 2, 200, 200))
    image.save(str(folder / "window.png"))
    return folder / "window.png"


def test_a_window_of_few_colours_is_blank(theme: Theme, tmp_path: Path) -> None:
    del theme
    with pytest.raises(ContractViolationError, match="blank"):
        WindowGrabber(_picture(tmp_path, 4)).check_picture()
    WindowGrabber(_picture(tmp_path, 90)).check_picture()


def test_a_window_that_was_never_photographed_is_blank(theme: Theme, tmp_path: Path) -> None:
    del theme
    with pytest.raises(ContractViolationError, match="blank"):
        WindowGrabber(tmp_path / "window.png").check_picture()


def test_without_the_type_the_window_is_not_whole(
    theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del theme
    monkeypatch.setattr("app.paths.resources", lambda: tmp_path)
    with pytest.raises(ContractViolationError, match="type"):
        WindowGrabber(_picture(tmp_path, 90)).check_picture()

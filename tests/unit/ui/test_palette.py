"""Palette: contrast of every text colour on its grounds."""

import re

import pytest

from app import paths
from app.ui.palette import DARK, LIGHT, Palette, contrast


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_writing_stands_out_from_its_ground(palette: Palette) -> None:
    weak = {pair: round(contrast(*pair), 2) for pair in palette.text_pairs() if contrast(*pair) < 4.5}
    assert weak == {}


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_edge_of_a_field_and_the_focus_can_be_seen(palette: Palette) -> None:
    for edge in (palette.field_line, palette.focus):
        assert contrast(edge, palette.card) >= 3


def test_the_stylesheet_asks_only_for_colours_that_exist() -> None:
    asked = set(re.findall(r"\$\{(\w+)\}", (paths.resources() / "style.qss").read_text("utf-8")))
    assert asked - LIGHT.names().keys() - {"icons", "shade"} == set()


def test_arrows_have_the_colour_of_quiet_text() -> None:
    for shade, palette in (("light", LIGHT), ("dark", DARK)):
        drawing = (paths.resources() / "icons" / f"chevron-down-{shade}.svg").read_text("utf-8")
        assert palette.muted in drawing


def test_check_marks_have_the_colour_of_text_on_the_accent() -> None:
    for shade, palette in (("light", LIGHT), ("dark", DARK)):
        drawing = (paths.resources() / "icons" / f"check-{shade}.svg").read_text("utf-8")
        assert palette.on_accent in drawing


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)

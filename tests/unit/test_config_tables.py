"""README's table of settings agrees with the bounds and defaults of the model."""

import re

import pytest

from app.domain.setting_spec import SettingKind, SettingSpec
from app.domain.settings import SETTINGS
from tests.architecture.tracked_files import ROOT

pytestmark = pytest.mark.requirement("D4")


def bounds_of(spec: SettingSpec) -> set[int]:
    """Return the numbers between which a value, or its length, must lie."""
    least = set() if spec.kind is SettingKind.TEXT and not spec.least else {spec.least}
    return set() if spec.most is None else {*least, spec.most}


def numbers_of(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"(?<![\d.])\d+(?![\d.])", text)}


def readme_rows() -> dict[str, tuple[str, str]]:
    """Return default and range of each setting in README's table."""
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    return {name: (default, allowed) for name, default, allowed in rows if name in SETTINGS}


@pytest.mark.parametrize("name", SETTINGS)
def test_allowed_sentence_names_the_bounds_of_its_setting(name: str) -> None:
    spec = SETTINGS[name]
    assert bounds_of(spec) <= numbers_of(spec.allowed)


@pytest.mark.parametrize("name", SETTINGS)
def test_readme_gives_bounds_choices_and_default_of_each_setting(name: str) -> None:
    spec, (default, allowed) = SETTINGS[name], readme_rows()[name]
    assert bounds_of(spec) <= numbers_of(allowed)
    if len(spec.choices) < 10:
        assert all(f"`{choice}`" in allowed for choice in spec.choices)
    value = str(spec.default).lower() if spec.kind is SettingKind.FLAG else spec.default
    assert default.startswith("empty" if value == "" else f"`{value}`")


def test_readme_names_the_settings_of_the_model_and_no_other() -> None:
    assert set(readme_rows()) == set(SETTINGS)

"""The tables of settings, in README and in the sentence of a refusal, agree with the fields of Settings."""

import re

import pytest

from app.config import _ALLOWED, Settings
from tests.architecture.tracked_files import ROOT

pytestmark = pytest.mark.requirement("D4")
FIELDS = Settings.model_fields
BOUNDS = ("ge", "le", "min_length", "max_length")


def bounds_of(name: str) -> list[int]:
    """Return the numbers between which a value, or its length, must lie."""
    found = [getattr(each, bound, None) for each in FIELDS[name].metadata for bound in BOUNDS]
    return [bound for bound in found if bound is not None]


def numbers_of(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"(?<![\d.])\d+(?![\d.])", text)]


def readme_rows() -> dict[str, tuple[str, str]]:
    """Return default and range of each setting in README's table."""
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    return {name: (default, allowed) for name, default, allowed in rows if name in FIELDS}


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_says_what_is_allowed_with_its_own_bounds(name: str) -> None:
    assert set(bounds_of(name)) <= set(numbers_of(_ALLOWED[name]))


@pytest.mark.parametrize("name", FIELDS)
def test_readme_gives_the_bounds_and_the_default_of_every_setting(name: str) -> None:
    default, allowed = readme_rows()[name]
    assert set(bounds_of(name)) <= set(numbers_of(allowed))
    value = FIELDS[name].default
    expected = (
        "empty" if str(value) == "" else f"`{str(value).lower() if isinstance(value, bool) else value}`"
    )
    assert default.startswith(expected)


def test_tables_of_settings_name_no_setting_that_is_gone() -> None:
    assert set(_ALLOWED) == set(readme_rows()) == set(FIELDS)

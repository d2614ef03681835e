"""Precedence of a setting's four sources, and the status that a screen shows."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.setting_sources import SettingSource, SettingSources, SourcedValue, status_of
from app.domain.settings import SETTINGS

pytestmark = pytest.mark.requirement("D4")

NUMBERS = {name: spec for name, spec in SETTINGS.items() if spec.most is not None and spec.unit}
SOURCES = [SettingSource.ENVIRONMENT, SettingSource.CONFIG_FILE, SettingSource.SCREEN]


@st.composite
def written_settings(draw: st.DrawFn) -> dict[str, dict[SettingSource, int]]:
    """Return for each number the sources that have a value of it, in any combination."""
    return {
        name: draw(st.dictionaries(st.sampled_from(SOURCES), st.integers(spec.least, spec.most)))
        for name, spec in NUMBERS.items()
    }


def sources_of(written: dict[str, dict[SettingSource, int]]) -> SettingSources:
    given_values = {
        name: SourcedValue(values[source], source)
        for name, values in written.items()
        for source in reversed(SOURCES[:2])
        if source in values
    }
    screen: dict[str, Any] = {
        name: values[SettingSource.SCREEN]
        for name, values in written.items()
        if SettingSource.SCREEN in values
    }
    return SettingSources(given_values, screen)


@given(written_settings())
def test_first_source_with_a_value_wins(written: dict[str, dict[SettingSource, int]]) -> None:
    sources = sources_of(written)
    settings = sources.settings()
    for name, values in written.items():
        source = next((each for each in SOURCES if each in values), SettingSource.DEFAULT)
        expected = values.get(source, NUMBERS[name].default)
        assert sources.resolve(name) == SourcedValue(expected, source)
        assert getattr(settings, name) == expected
    untouched = SETTINGS.keys() - NUMBERS.keys()
    assert all(getattr(settings, name) == SETTINGS[name].default for name in untouched)


@given(written_settings())
def test_overruled_value_is_kept_and_its_overruler_named(
    written: dict[str, dict[SettingSource, int]],
) -> None:
    sources = sources_of(written)
    for name, values in written.items():
        status = status_of(SETTINGS[name], sources.resolve(name), sources)
        fixed = bool(values.keys() & set(SOURCES[:2]))
        assert status.is_fixed is fixed
        assert status.is_overruled is (fixed and SettingSource.SCREEN in values)
        assert status.screen_value == values.get(SettingSource.SCREEN)
        assert not status.waits


def test_status_waits_when_another_value_follows_at_the_next_start() -> None:
    name = "CONNECTION_TIMEOUT_MS"
    changed = SettingSources(screen={name: 5000})
    status = status_of(SETTINGS[name], SettingSources().resolve(name), changed)
    assert (status.value, status.source, status.next_value) == (20_000, SettingSource.DEFAULT, 5000)
    assert (status.waits, status.name) == (True, name)


@pytest.mark.parametrize("secret", ["", "x" * 40])
def test_status_masks_a_secret(secret: str) -> None:
    name = "WHATSAPP_WEBHOOK_SECRET"
    sources = SettingSources({name: SourcedValue(secret, SettingSource.ENVIRONMENT)})
    status = status_of(SETTINGS[name], SettingSources().resolve(name), sources)
    assert (status.value, status.next_value) == ("", "•••" if secret else None)
    later = status_of(SETTINGS[name], sources.resolve(name), sources)
    assert later.value == ("•••" if secret else "")

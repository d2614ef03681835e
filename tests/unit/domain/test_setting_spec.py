"""Specification of a setting: values that are allowed, and values that are refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.setting_spec import Applies, SettingKind, SettingSpec, shown_value
from app.domain.settings import SETTINGS, Settings

pytestmark = pytest.mark.requirement("D4")

NUMBER = SettingSpec(kind=SettingKind.NUMBER, default=3, least=0, most=10)
FLAG = SettingSpec(kind=SettingKind.FLAG, default=False)
CHOICE = SettingSpec(kind=SettingKind.CHOICE, default="a", choices=("a", "b", "7"))
TEXT = SettingSpec(kind=SettingKind.TEXT, default="x", least=1, most=4)
NOTE = SettingSpec(kind=SettingKind.TEXT, default="", most=4, pattern="[a-z]*")


@pytest.mark.parametrize(
    ("spec", "written", "value"),
    [
        *((NUMBER, written, 7) for written in (7, "7", " 7 ", "+7", 7.0)),
        *((NUMBER, bound, bound) for bound in (0, 10)),
        *((FLAG, written, True) for written in (True, 1, "true", "TRUE", "1", "yes", "on")),
        *((FLAG, written, False) for written in (False, 0, "false", "0", "no", "off")),
        *((CHOICE, written, str(written)) for written in ("a", "b", "7", 7)),
        *((TEXT, written, written) for written in ("x", "açaí", " a ")),
        *((NOTE, written, written) for written in ("", "abcd")),
    ],
)
def test_spec_parses_an_allowed_value(spec: SettingSpec, written: object, value: object) -> None:
    parsed = spec.parse(written)
    assert (parsed, type(parsed)) == (value, type(value))


@pytest.mark.parametrize(
    ("spec", "wrong"),
    [
        (
            NUMBER,
            [-1, 11, "", "x", "7,5", "1e1", "٣", "9" * 40, 7.5, float("inf"), float("nan"), True, None, []],
        ),
        (FLAG, ["", "sim", 2, 1.0, None, []]),
        (CHOICE, ["", "c", "A", "a ", True, None, 8, []]),
        (TEXT, ["", "abcde", " ", "\u200b", "\ud800", 7, True, None, []]),
        (NOTE, ["abcde", "A", "a\n", None]),
    ],
)
def test_spec_refuses_a_value_that_is_not_allowed(spec: SettingSpec, wrong: list[object]) -> None:
    for written in wrong:
        with pytest.raises(ValueError):  # noqa: PT011 - the caller names the setting
            spec.parse(written)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)


@given(st.sampled_from(list(SETTINGS.values())), JSON)
def test_spec_gives_a_value_within_bounds_or_refuses(spec: SettingSpec, written: object) -> None:
    try:
        value = spec.parse(written)
    except ValueError:
        assert len(shown_value(written)) <= 60
        return
    assert (spec.parse(value), type(value)) == (value, type(spec.default))
    if spec.kind is SettingKind.NUMBER:
        assert spec.least <= int(value) <= (spec.most or 0)


@pytest.mark.parametrize("name", SETTINGS)
def test_default_of_each_setting_is_allowed(name: str) -> None:
    spec = SETTINGS[name]
    assert spec.parse(spec.default) == spec.default == getattr(Settings(), name)
    assert (spec.name, bool(spec.allowed)) == (name, True)


def test_settings_of_the_design_document_keep_names_and_defaults() -> None:
    design: dict[str, Any] = {
        "WHATSAPP_SESSION_ID": "main",
        "WHATSAPP_WEBHOOK_SECRET": "",
        "NOTIFICATION_RETRY_ATTEMPTS": 3,
        "MESSAGE_QUEUE_BATCH_SIZE": 10,
        "CONNECTION_TIMEOUT_MS": 20_000,
    }
    assert {name: SETTINGS[name].default for name in design} == design


def test_secret_is_on_no_screen_and_in_no_representation() -> None:
    secrets = [spec for spec in SETTINGS.values() if spec.secret]
    assert [spec.name for spec in secrets] == ["WHATSAPP_WEBHOOK_SECRET"]
    assert not any(spec.on_screen for spec in secrets)
    assert "geheim" not in repr(Settings(WHATSAPP_WEBHOOK_SECRET="geheim" * 6))


def test_setting_that_names_a_session_waits_for_the_next_start() -> None:
    named = [spec for spec in SETTINGS.values() if "SESSION_ID" in spec.name]
    assert {spec.applies for spec in named} == {Applies.AT_NEXT_START}


def test_refusal_on_a_screen_names_no_other_setting() -> None:
    shown = {spec.name: spec.allowed for spec in SETTINGS.values() if spec.on_screen}
    assert not [name for name, allowed in shown.items() if any(other in allowed for other in SETTINGS)]

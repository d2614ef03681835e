"""Preferences file: damage costs a preference, never the start."""

import json
from pathlib import Path

import pytest

from app.adapters.system.preferences_file import PreferencesFile
from app.ports.sounds import Sound
from app.ports.window_preferences import ThemeChoice, WindowPreferences

pytestmark = pytest.mark.requirement("C8")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 90_000, b'{"theme": 3}'])
def test_file_gives_the_defaults_where_it_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "window.json").write_bytes(content)
    assert PreferencesFile(tmp_path).load() == WindowPreferences()


def test_file_keeps_the_sound_parts_of_a_damaged_one(tmp_path: Path) -> None:
    fields = {"theme": "dark", "sounds": ["order", "?", 3], "toasts": "no", "place": "x" * 30_000, "new": 1}
    (tmp_path / "window.json").write_text(json.dumps(fields), "utf-8")
    assert PreferencesFile(tmp_path).load() == WindowPreferences(ThemeChoice.DARK, frozenset({Sound.ORDER}))


def test_file_logs_a_disk_that_refuses(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    PreferencesFile(tmp_path / "missing").save(WindowPreferences())
    assert [record.message for record in caplog.records] == ["preferences_not_saved"]

"""Lazy entry to the window: the modules it names exist."""

from pathlib import Path

import pytest

from app.ui import single_window
from app.ui.opening import raise_running_window


def test_no_running_window_is_raised_over_an_unused_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_window, "_ATTEMPTS", 1)
    assert not raise_running_window(tmp_path)

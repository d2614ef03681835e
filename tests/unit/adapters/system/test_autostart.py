"""Autostart: a desktop entry on Linux, a value of the registry on Windows."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from app.adapters.system.autostart import DesktopEntry, RunValue, find_autostart, start_command
from app.ports.autostart import Autostart

pytestmark = pytest.mark.requirement("C8")


class FakeRegistry:
    """One key of the registry; `refuses` as a policy of the PC would."""

    HKEY_CURRENT_USER, KEY_READ, KEY_SET_VALUE, REG_SZ = "HKCU", 1, 2, 1

    def __init__(self, *, refuses: bool = False) -> None:
        self.values: dict[str, str] = {}
        self._refuses = refuses

    def OpenKey(self, key: Any, sub_key: str, reserved: int, access: Any) -> AbstractContextManager[str]:  # noqa: N802
        assert (key, reserved, access) == ("HKCU", 0, 1)
        return nullcontext(sub_key)

    def CreateKeyEx(self, key: Any, sub_key: str, reserved: int, access: Any) -> AbstractContextManager[str]:  # noqa: N802
        assert (key, reserved, access) == ("HKCU", 0, 2)
        if self._refuses:
            raise PermissionError
        return nullcontext(sub_key)

    def QueryValueEx(self, key: Any, name: str) -> tuple[str, int]:  # noqa: N802
        assert key == r"Software\Microsoft\Windows\CurrentVersion\Run"
        if name not in self.values:
            raise FileNotFoundError
        return self.values[name], 1

    def SetValueEx(self, key: Any, name: str, reserved: int, kind: Any, value: str) -> None:  # noqa: N802
        _ = key, reserved, kind
        self.values[name] = value

    def DeleteValue(self, key: Any, value: str) -> None:  # noqa: N802
        _ = key
        if value not in self.values:
            raise FileNotFoundError
        del self.values[value]


def is_on(autostart: Autostart) -> bool:
    return autostart.is_on


def test_desktop_entry_starts_the_command_and_is_removed_again(tmp_path: Path) -> None:
    entry = DesktopEntry(tmp_path / "autostart", ["/opt/açaí $1/coco", "50%"])
    assert not is_on(entry)
    assert entry.turn(on=False)
    assert entry.turn(on=True)
    assert is_on(entry)
    text = (tmp_path / "autostart" / "coco-loko-balcao.desktop").read_text("utf-8")
    assert 'Exec="/opt/açaí \\$1/coco" "50%%"\n' in text
    assert entry.turn(on=False)
    assert not is_on(entry)


def test_desktop_entry_says_where_it_was_refused(tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("a file in the folder's place", "utf-8")
    assert not DesktopEntry(tmp_path / "autostart", ["coco"]).turn(on=True)


def test_run_value_starts_the_command_and_is_removed_again() -> None:
    registry = FakeRegistry()
    run = RunValue(registry, [r"C:\Programas\Coco Loko\coco-balcao.exe"])
    assert not is_on(run)
    assert run.turn(on=False)
    assert run.turn(on=True)
    assert is_on(run)
    assert registry.values == {"coco-loko-balcao": r'"C:\Programas\Coco Loko\coco-balcao.exe"'}
    assert run.turn(on=False)
    assert not is_on(run)


def test_run_value_says_where_it_was_refused() -> None:
    assert not RunValue(FakeRegistry(refuses=True), ["coco"]).turn(on=True)


def test_autostart_is_found_on_the_systems_that_have_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert isinstance(find_autostart("linux"), DesktopEntry)
    assert find_autostart("darwin") is None
    assert start_command()[0] == sys.executable
    assert Path(start_command()[1]).is_file()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert start_command() == [sys.executable]

"""Start with the computer: a desktop entry on Linux, a value under HKCU Run on Windows."""

import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

from app.ports.autostart import Autostart

_NAME: Final = "coco-loko-balcao"
_RUN: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"


def find_autostart(system: str = sys.platform) -> Autostart | None:
    """Return this system's autostart; None where it is not supported."""
    if system == "win32":
        return RunValue(import_module("winreg"), start_command())
    if system == "linux":
        home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111 - never raises
        return DesktopEntry(Path(home) / "autostart", start_command())
    return None


def start_command() -> list[str]:
    """Return the command of this installation: the frozen program, or this Python with main.py."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, str(Path(__file__).parents[3] / "main.py")]


class DesktopEntry:
    """File in the folder `autostart` of the desktop."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        self._file, self._command = folder / f"{_NAME}.desktop", command

    @property
    def is_on(self) -> bool:
        return self._file.is_file()

    def turn(self, *, on: bool) -> bool:
        with suppress(OSError):
            if not on:
                self._file.unlink(missing_ok=True)
                return True
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(self._entry(), "utf-8")
            return True
        return False

    def _entry(self) -> str:
        command = " ".join(_quoted(part) for part in self._command)
        lines = ("[Desktop Entry]", "Type=Application", "Name=Coco Loko Balcão", f"Exec={command}")
        return "\n".join((*lines, "X-GNOME-Autostart-enabled=true", ""))


def _quoted(part: str) -> str:
    """Quote a part of the key `Exec` by the rules of the desktop entry specification."""
    for special in ("\\", '"', "`", "$"):
        part = part.replace(special, f"\\{special}")
    return '"' + part.replace("%", "%%") + '"'


class Registry(Protocol):
    """Part of the module `winreg` that is used."""

    HKEY_CURRENT_USER: Any
    KEY_READ: Any
    KEY_SET_VALUE: Any
    REG_SZ: Any

    def OpenKey(self, key: Any, sub_key: str, reserved: int, access: Any) -> Any: ...  # noqa: ANN401, N802
    def CreateKeyEx(self, key: Any, sub_key: str, reserved: int, access: Any) -> Any: ...  # noqa: ANN401, N802
    def QueryValueEx(self, key: Any, name: str) -> Any: ...  # noqa: ANN401, N802
    def SetValueEx(self, key: Any, name: str, reserved: int, kind: Any, value: str) -> None: ...  # noqa: ANN401, N802
    def DeleteValue(self, key: Any, value: str) -> None: ...  # noqa: ANN401, N802


class RunValue:
    """Value under HKCU Run."""

    def __init__(self, registry: Registry, command: list[str]) -> None:
        self._registry = registry
        self._command = " ".join(f'"{part}"' for part in command)

    @property
    def is_on(self) -> bool:
        registry = self._registry
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, _RUN, 0, registry.KEY_READ) as key:
                return bool(registry.QueryValueEx(key, _NAME)[0])
        except OSError:
            return False

    def turn(self, *, on: bool) -> bool:
        registry = self._registry
        try:
            with registry.CreateKeyEx(registry.HKEY_CURRENT_USER, _RUN, 0, registry.KEY_SET_VALUE) as key:
                if on:
                    registry.SetValueEx(key, _NAME, 0, registry.REG_SZ, self._command)
                else:
                    with suppress(FileNotFoundError):
                        registry.DeleteValue(key, _NAME)
        except OSError:
            return False
        return True

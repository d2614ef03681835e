"""The training's window worked from outside, through the accessibility bus, by a user without privileges."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.harness.plain_user import without_privileges
from tests.harness.running_app import MASTER_KEY, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

# The system's own Python: the bindings of the bus come with the system.
_PYTHON = "/usr/bin/python3"
_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
_READER = ROOT / "tests" / "harness" / "screen_reader" / "read_screen.py"
# The window ends with its reader, whatever the reader found.
_BOTH = """
"$1" main.py --demo --orders "$6" --seed 7 --data-dir "$2" >"$2/said" 2>&1 &
window=$!
"$3" "$5" "$4"
code=$?
kill $window
wait $window
exit $code
"""
_STEPS = 59 if os.environ.get("FULL") else 3
_BUTTONS = ("Novo pedido (F2)", "Avisar pronto", "Mensagem (M)", "Copiar (C)", "Corrigir (E)", "À mão (A)")


@pytest.mark.requirement("C5")
def test_every_control_is_named_and_pressed_when_worked_through_the_bus(tmp_path: Path) -> None:
    _need_tools()
    read = _read_screen(tmp_path)
    assert read["nameless"] == []
    assert len(set(read["taken"])) == _STEPS
    showing = {name.strip() for name in read["buttons"]}
    assert showing >= set(_BUTTONS)


def _need_tools() -> None:
    """Skip where a tool is missing, and fail where packaging/dev has installed them all."""
    missing = [each for each in ("Xvfb", "dbus-run-session") if not shutil.which(each)]
    if not any(Path(each).exists() for each in _LAUNCHERS):
        missing.append("at-spi2-core")
    bindings = [_PYTHON, "-c", "import pyatspi"]
    if not Path(_PYTHON).exists() or subprocess.run(bindings, capture_output=True, check=False).returncode:
        missing.append("python3-pyatspi")
    if missing and os.environ.get("TEST_TOOLS_INSTALLED"):
        pytest.fail(f"not installed: {missing}")
    if missing:
        pytest.skip(f"not installed: {missing}")


def _read_screen(folder: Path) -> dict[str, Any]:
    with _screen() as display:
        words = (sys.executable, str(folder), _PYTHON, str(_STEPS), str(_READER), str(_STEPS + 1))
        done = subprocess.run(
            [*without_privileges(), "dbus-run-session", "--", "sh", "-c", _BOTH, "sh", *words],
            cwd=ROOT,
            env=_environment(folder, display),
            capture_output=True,
            text=True,
            timeout=1400,
            check=False,
        )
    assert done.returncode == 0, done.stderr + (folder / "said").read_text("utf-8")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@contextmanager
def _screen() -> Iterator[str]:
    """A screen in memory of the test's own; its number is one that is free."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout
        number = server.stdout.readline().strip()
        assert number, "the screen did not start"
        try:
            yield f":{number}"
        finally:
            server.terminate()


def _environment(folder: Path, display: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "XDG_", "DBUS_"))}
    folders = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    screen = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    return {**own, **folders, **screen, "COCO_MASTER_KEY": MASTER_KEY}

"""The program's window as a process: one for each data folder, and none where none is wanted."""

import asyncio
import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from app.adapters.system.single_instance import LOCK_NAME
from tests.harness.running_app import run_app, running_app

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

_WITHOUT_QT = """
import sys
sys.modules.update(dict.fromkeys(("PySide6", "shiboken6", "qasync")))
from app.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.requirement("D2")
def test_the_headless_training_runs_where_qt_cannot_even_be_imported(tmp_path: Path) -> None:
    async def run() -> tuple[int | None, bytes]:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _WITHOUT_QT, "--demo", "--headless", "--orders", "1"),
            *("--json", "--data-dir", str(tmp_path)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, _ = await asyncio.wait_for(child.communicate(), 60)
        return child.returncode, out

    code, out = asyncio.run(run())
    assert code == 0
    assert b'"shown_twice":0' in out


@pytest.mark.requirement("C8")
def test_a_second_start_raises_the_first_window_and_ends_well(tmp_path: Path) -> None:
    arguments = ("--demo", "--orders", "1", "--data-dir", str(tmp_path))
    with running_app(*arguments, QT_QPA_PLATFORM="offscreen") as first:
        _until_there(tmp_path / LOCK_NAME, first)
        second = run_app(*arguments, QT_QPA_PLATFORM="offscreen")
        assert (second.code, second.err) == (0, "")
        assert first.poll() is None
        first.terminate()
        assert first.wait(20) == 0


def _until_there(file: Path, writer: "subprocess.Popen[str]") -> None:
    for _ in range(400):
        if file.exists():
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            pytest.fail(f"it ended with {writer.wait(0.05)}")
    pytest.fail("it never took the folder")
